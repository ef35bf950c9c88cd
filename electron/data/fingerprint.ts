import { createHash } from 'node:crypto'
import type { Dataset } from '../../shared/data/dataset'

/** SHA-256 of all pictures and labels, by which a run knows those again that it was trained with; some 0.1 s for MNIST. */
export function fingerprint({ train, test }: Dataset): string {
  const hash = createHash('sha256')
  for (const { images, labels } of [train, test]) hash.update(images).update(labels)
  return hash.digest('hex')
}
