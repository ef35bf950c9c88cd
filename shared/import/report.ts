import type { NamedTensors } from '../formats/tensors'
import type { NetworkDocument } from '../network/document'

/** What an import could not take over as it was. Closed, for translation. */
export type ImportCode =
  /** No layer kind computes this; the layer is left out, and what entered it goes on to the next. */
  | 'unknown-layer'
  /** An option that no parameter of ours has; the layer computes something else. */
  | 'unknown-option'
  /** Computed nearly as before, not exactly. */
  | 'approximated'
  /** The source says another number of channels or features than what enters here. */
  | 'size-mismatch'
  /** The source's names became ids. */
  | 'renamed'
  /** The text shows the modules but not how `forward` joins them; they are taken one after the other. */
  | 'order-assumed'
  /** The source flattens channels last; the same layers, but the next layer's weights are in another order. */
  | 'flatten-order'
  /** Several inputs or outputs; the first is taken. */
  | 'extra-ends'

export interface ImportIssue {
  readonly code: ImportCode
  /** The same in English. */
  readonly message: string
  readonly params: Readonly<Record<string, string | number>>
  /** The layer's name in the source. */
  readonly where: string
}

export interface ImportResult {
  readonly document: NetworkDocument
  /** By our names and in PyTorch's layouts; absent where the source has none. */
  readonly weights?: NamedTensors
  /** Empty where nothing was lost. */
  readonly report: readonly ImportIssue[]
}
