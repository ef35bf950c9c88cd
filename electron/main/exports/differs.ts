import { AppError } from '../../../shared/errors'
import type { ExportProof } from '../../../shared/exports/exports'

/** The proof failed: what was written is taken away again. */
export function differs(target: string, proof: ExportProof): AppError {
  const detail = explain(proof)
  return new AppError('export-differs', `${target} was not kept: it is not the run. ${detail}`, {
    fix: 'This is a fault of Convscope: please report it with the network.',
    params: { path: target, detail },
  })
}

function explain(proof: ExportProof): string {
  switch (proof.type) {
    case 'outputs': {
      const { reader, pictures, largestDifference, tolerance } = proof
      const by = `up to ${largestDifference.toPrecision(3)}, more than ${tolerance.toPrecision(3)}`
      return `Read back by ${reader}, its outputs on ${pictures} pictures differ by ${by}.`
    }
    case 'table':
      return `Read back by ${proof.reader}, ${proof.differing} values differ.`
    case 'unread':
      return `It could not be read back: ${proof.detail}`
  }
}
