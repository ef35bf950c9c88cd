import { AppError } from '../../../shared/errors'
import type { ExportProof } from '../../../shared/exports/exports'

/** The proof failed: what was written is taken away again. */
export function differs(target: string, proof: ExportProof): AppError {
  const what =
    proof.type === 'outputs'
      ? `outputs on ${proof.pictures} pictures differ by up to ${proof.largestDifference.toPrecision(3)}, more than ${proof.tolerance.toPrecision(3)}`
      : `${proof.differing} values differ`
  return new AppError('export-differs', `${target}, read back by ${proof.reader}, is not the run: ${what}.`, {
    fix: 'Nothing was kept. This is a fault of Convscope: please report it with the network.',
    params: { path: target, reader: proof.reader, detail: what },
  })
}
