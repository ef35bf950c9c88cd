import type { NetworkDocument } from '../document'

/** Why an edit is not done; closed, for translation. */
export const refusalCodes = [
  'unknown-kind',
  'unknown-layer',
  'self',
  'cycle',
  'already-connected',
  'inputs-full',
  'takes-no-input',
  'second-input',
  'id-not-identifier',
  'id-taken',
  'label-too-long',
  'nothing-selected',
  'in-another-group',
  'repeat-range',
  'not-a-fragment',
  'newer-fragment',
  'last-layer',
  'label-empty',
] as const
export type RefusalCode = (typeof refusalCodes)[number]

export interface Refusal {
  readonly code: RefusalCode
  readonly params: Readonly<Record<string, string | number>>
}

/** A new document and the layers to look at next, or the reason why it stays as it is. Documents are never changed in place. */
export type Edited =
  { readonly document: NetworkDocument; readonly ids: readonly string[] } | { readonly refusal: Refusal }

export function refuse(code: RefusalCode, params: Refusal['params'] = {}): { readonly refusal: Refusal } {
  return { refusal: { code, params } }
}
