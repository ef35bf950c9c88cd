import type { OutputsProof } from '../../shared/exports/exports'
import type { ExportJob } from '../../shared/exports/messages'
import type { SoundNetwork } from '../../shared/network/analyze'
import { elementCount } from '../../shared/network/shape'
import { createRandom } from '../../shared/training/random'
import { loadSplit } from '../data/datasets'
import { gatherBatch } from '../trainer/engines/pictures'

export interface ProofPictures {
  readonly source: OutputsProof['source']
  readonly count: number
  /** float32 NHWC, as they enter the network. */
  readonly values: Float32Array
}

const pictureCount = 100

/** The first hundred test pictures; seeded noise where the data set is not there or its pictures are of another size. */
export function proofPictures(network: SoundNetwork, job: Pick<ExportJob, 'config' | 'dataFolder'>): ProofPictures {
  return testPictures(network, job) ?? noise(network)
}

function testPictures(
  network: SoundNetwork,
  { config: { dataset }, dataFolder }: Pick<ExportJob, 'config' | 'dataFolder'>,
): ProofPictures | null {
  if (dataFolder === null) return null
  try {
    const test = loadSplit(dataset, 'test', dataFolder)
    if (test.shape.join() !== network.input.shape.join()) return null
    const count = Math.min(pictureCount, test.count)
    const { pictures } = gatherBatch(
      test,
      Int32Array.from({ length: count }, (_, index) => index),
    )
    return { source: 'test', count, values: pictures }
  } catch {
    // Damaged or unreadable pictures: noise proves the file as well, and the proof says which it was.
    return null
  }
}

function noise(network: SoundNetwork): ProofPictures {
  const random = createRandom('export')
  const length = pictureCount * elementCount(network.input.shape)
  return {
    source: 'random',
    count: pictureCount,
    values: Float32Array.from({ length }, () => 2 * random.uniform() - 1),
  }
}
