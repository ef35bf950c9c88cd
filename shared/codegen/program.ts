import type { NetworkAnalysis } from '../network/analyze'
import { formatStatement } from './format'

/** First and last line, counted from 1. */
export type LineRange = readonly [first: number, last: number]

export interface GeneratedCode {
  readonly text: string
  /** Where each of the document's own layers stands; a layer in a repeated group stands at several places. */
  readonly lines: ReadonlyMap<string, readonly LineRange[]>
}

/** Collects the lines of a program and who they belong to. */
export class Program {
  private readonly rows: string[] = []
  private readonly marks = new Map<string, LineRange[]>()

  constructor(private readonly origins: NetworkAnalysis['origins']) {}

  /** Lines as they stand; may hold newlines. */
  raw(text: string): void {
    this.rows.push(...text.split('\n'))
  }

  /** One statement, broken where it is too long; `layer` (of the flat network) marks its lines. */
  statement(indent: number, text: string, layer?: string): void {
    const first = this.rows.length + 1
    this.rows.push(...formatStatement(indent, text))
    if (layer !== undefined) this.mark(layer, [first, this.rows.length])
  }

  private mark(layer: string, [first, last]: LineRange): void {
    const owner = this.origins.get(layer)?.layerId ?? layer
    const ranges = this.marks.get(owner) ?? []
    const before = ranges.at(-1)
    // A layer's statements that follow each other are one place.
    if (before && before[1] === first - 1) ranges[ranges.length - 1] = [before[0], last]
    else ranges.push([first, last])
    this.marks.set(owner, ranges)
  }

  finish(): GeneratedCode {
    return { text: `${this.rows.join('\n')}\n`, lines: this.marks }
  }
}
