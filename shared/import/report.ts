import type { NamedTensors } from '../formats/tensors'
import type { NetworkDocument } from '../network/document'

/** `changed`: it is there, but not just as it was; `unread`: it is not there. */
export type ImportGroup = 'changed' | 'unread'

function unread<const Params extends readonly string[]>(params: Params) {
  return { group: 'unread' as ImportGroup, params }
}
function changed<const Params extends readonly string[]>(params: Params) {
  return { group: 'changed' as ImportGroup, params }
}

/**
 * What an import could not take over as it was, what that means for the network, and what the sentence of the code is filled
 * with. Closed, for translation.
 */
export const importCodes = {
  /** A module with a `forward` of its own that surely does more than call its parts in order. */
  'wiring-unknown': unread(['layer', 'count']),
  /** No layer kind computes this; what entered it goes on to the next. So for the following ones. */
  'unknown-layer': unread(['layer']),
  /** The layer is known, but no kind computes it with these settings. */
  'unknown-settings': unread(['layer']),
  /** The layer is known, but a value is not possible. */
  'impossible-values': unread(['layer', 'detail']),
  /** Something stands in a list of modules that is none. */
  'not-a-module': unread(['text']),
  /** A layer's own activation; the layer itself is there. */
  'unknown-activation': unread(['activation']),
  'channels-first': unread(['layer']),
  /** An input besides the first. */
  'extra-input': unread([]),
  /** A layer used several times with one set of weights: only its first use is read. */
  'shared-layer': unread(['layer', 'count']),
  /** The text holds another network. */
  'extra-network': unread([]),

  /** A module with a `forward` that the text does not show; its parts are taken in order. */
  'order-assumed': changed(['layer', 'count']),
  /** `forward` must flatten here: a Linear follows a picture. */
  'flatten-added': changed(['shape']),
  /** The source says another number of channels or features than what enters here. */
  'size-mismatch': changed(['layer', 'option', 'said', 'actual']),
  /** An option that no parameter of ours has. */
  'unknown-option': changed(['layer', 'option', 'value']),
  /** The size of the pictures is not fixed, or no picture's. */
  'open-size': changed(['shape']),
  /** An output besides the first. */
  'extra-output': changed([]),
  /** The source flattens channels last: the next layer's weights are in another order. */
  'flatten-order': changed([]),
  'reshape-order': changed([]),
  /** Keras places what a transposed convolution gives by up to a pixel otherwise. */
  'transposed-offset': changed([]),
  /** Only one of scale and shift; here a normalization has both or none. */
  'norm-both': changed([]),
  /** One slope for each place; here it is one for each channel. */
  'prelu-channels': changed([]),
  /** The new shape is worked out by the model itself; taken for a flattening. */
  'shape-computed': changed([]),
  /** The source's names became ids. */
  renamed: changed(['count', 'from', 'to']),
}

export type ImportCode = keyof typeof importCodes
export type ImportParams = Readonly<Record<string, string | number>>
export type ParamsOf<Code extends ImportCode> = Readonly<
  Record<(typeof importCodes)[Code]['params'][number], string | number>
>
/** A code whose sentence has nothing to be filled in. */
export type PlainCode = {
  [Code in ImportCode]: (typeof importCodes)[Code]['params'] extends readonly [] ? Code : never
}[ImportCode]

/** A place in the source. */
export interface SourcePlace {
  /** The layer's name in the source. */
  readonly where: string
  /** From 1, where the source is a text that a person reads; null elsewhere. */
  readonly line: number | null
}

export interface ImportIssue extends SourcePlace {
  readonly code: ImportCode
  /** What the sentence of the code is filled with. */
  readonly params: ImportParams
}

/** A layer that was read: its id in the document, and where it stands in the source. */
export interface ReadLayer extends SourcePlace {
  readonly id: string
}

export interface ImportResult {
  readonly document: NetworkDocument
  /** By our names and in PyTorch's layouts; absent where the source has none. */
  readonly weights?: NamedTensors
  /** The source does not fix the size of the pictures: the given one was taken. */
  readonly sizeAsked: boolean
  readonly layers: readonly ReadLayer[]
  /** Empty where nothing was lost. */
  readonly report: readonly ImportIssue[]
}
