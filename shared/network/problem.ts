/** What is wrong with a network. `code` is closed for translation: one of ours, or `layer:<rule>` from a layer kind. */
export interface NetworkProblem {
  readonly layerId: string
  /** The layer whose output does not fit, where an edge is at fault. */
  readonly fromId: string | null
  readonly code: string
  /** The rest of an English sentence that begins with the layer's name. */
  readonly message: string
  /**
   * The values of the translated sentence. Where an edge is at fault also `from` and `fromShape`; where two inputs do not
   * fit each other `other` and `otherShape`; in a later copy of a repeated group `repeat`, its number.
   */
  readonly params: Readonly<Record<string, string | number>>
}

/** A problem as one English sentence without its full stop, naming both layers and shapes where an edge is at fault. */
export function describeProblem({ layerId, message, params }: NetworkProblem): string {
  const { from, fromShape, other, otherShape } = params
  const shapes = [
    ...(fromShape === undefined ? [] : [`"${from}" gives ${fromShape}`]),
    ...(otherShape === undefined ? [] : [`"${other}" gives ${otherShape}`]),
  ]
  return `"${layerId}" ${message}${shapes.length > 0 ? ` (${shapes.join(', ')})` : ''}`
}
