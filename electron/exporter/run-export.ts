import type { ExportProof } from '../../shared/exports/exports'
import type { ExportJob } from '../../shared/exports/messages'
import { AppError, toWire } from '../../shared/errors'
import { requireSound } from '../../shared/network/analyze'
import { elementCount } from '../../shared/network/shape'
import { initialWeights } from '../trainer/engines/weights/initial'
import { loadWeights } from '../trainer/load-weights'
import { compareOutputs } from './compare'
import { sizeOf } from './files'
import type { ExportFormat, ExportSource, Report, WrittenNetwork } from './format'
import { csvFormat } from './formats/csv'
import { networkFormat, type NetworkFormatId } from './formats/network-formats'
import { proofPictures, type ProofPictures } from './pictures'
import { openNetwork } from './run-network'

export interface Exported {
  readonly proof: ExportProof
  readonly bytes: number
}

/** Pictures between two signs of progress. */
const partCount = 10

/**
 * Writes a run into `job.target` and reads it back. The caller decides by the proof whether the file takes its place. Rejects
 * naming the file or the weight at fault.
 */
export async function runExport(job: ExportJob, report: Report): Promise<Exported> {
  const proof = job.format === 'csv' ? exportTable(job, report) : await exportNetwork(job, job.format, report)
  return { proof, bytes: sizeOf(job.target) }
}

function exportTable({ metrics, target }: ExportJob, report: Report): ExportProof {
  if (!metrics) throw new AppError('internal', 'an export of metrics came without them')
  report('write', 0)
  csvFormat.write(metrics, target)
  report('read', 0)
  return csvFormat.prove(metrics, target)
}

async function exportNetwork(job: ExportJob, id: NetworkFormatId, report: Report): Promise<ExportProof> {
  report('prepare', 0)
  const network = requireSound(job.document)
  const { about, config, project } = job
  const weights =
    job.weights === null ? initialWeights(network, config.init, config.seed) : loadWeights(network, job.weights)
  const source: ExportSource = { network, weights, about, config, project }
  const format = await networkFormat(id)
  const pictures = proofPictures(network, job)
  report('write', 0)
  await format.write(source, job.target)
  return prove(format, source, job.target, pictures, report)
}

async function prove(
  format: ExportFormat,
  source: ExportSource,
  target: string,
  pictures: ProofPictures,
  report: Report,
): Promise<ExportProof> {
  report('read', 0)
  const own = await openNetwork(source.network, source.weights, format.reference === 'eager' ? 'eager' : 'auto')
  try {
    const written = await readBack(format, target, source)
    if ('agrees' in written) return written
    try {
      const length = pictures.count * elementCount(source.network.output.shape)
      const [expected, found] = [new Float32Array(length), new Float32Array(length)]
      for (let start = 0; start < pictures.count; start += partCount) {
        report('compare', start / pictures.count)
        const count = Math.min(partCount, pictures.count - start)
        const [first, each] = [start * (length / pictures.count), elementCount(source.network.input.shape)]
        const part = pictures.values.slice(start * each, (start + count) * each)
        expected.set(own.run(part.slice(), count), first)
        const outputs = await written.run(part, count).catch(unread)
        if ('agrees' in outputs) return outputs
        if (outputs.length !== count * (length / pictures.count)) {
          return unread(new Error(`it gives ${outputs.length / count} outputs for each picture`))
        }
        found.set(outputs, first)
      }
      report('compare', 1)
      return {
        type: 'outputs',
        reader: written.reader,
        reference: own.engine,
        pictures: pictures.count,
        source: pictures.source,
        ...compareOutputs(found, expected),
        ...(written.project && { project: written.project }),
      }
    } finally {
      await written.close()
    }
  } finally {
    own.close()
  }
}

function readBack(
  format: ExportFormat,
  target: string,
  source: ExportSource,
): Promise<WrittenNetwork | ReturnType<typeof unread>> {
  return Promise.resolve()
    .then(() => format.read(target, source))
    .catch(unread)
}

/** What its reader refuses is proved to be wrong. */
function unread(error: unknown) {
  return { type: 'unread', detail: toWire(error).message, agrees: false } as const
}
