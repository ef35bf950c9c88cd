import type { NamedTensor } from '../formats/tensors'
import type { Shape } from '../network/shape'
import type { OnnxNode } from './onnx-graph'
import type { PlainCode } from './report'

export interface OnnxLayer {
  readonly kind: string
  readonly params: Record<string, unknown>
  readonly part?: string
  readonly weights?: Readonly<Record<string, NamedTensor | undefined>>
}

export interface OnnxPlace {
  readonly node: OnnxNode
  /** Our layers that enter, without constants. */
  readonly inputs: readonly string[]
  readonly shape: Shape | undefined
  /** The node's input of this index, where it is a constant. */
  constant(index: number): NamedTensor | undefined
  /** How many numbers the node's input of this index is, where the model works out a shape in it; null where unknown. */
  sizes(index: number): number | null
  issue(code: PlainCode): void
}

/** Null where no layer of ours computes it. */
export type OnnxOp = (place: OnnxPlace) => readonly OnnxLayer[] | null

export function numbers({ node }: OnnxPlace, name: string, usual: readonly number[]): readonly number[] {
  const given = node.attributes.get(name)?.numbers
  return given && given.length > 0 ? given : usual
}

export function one(place: OnnxPlace, name: string, usual: number): number {
  return numbers(place, name, [usual])[0] ?? usual
}

/** Rounded to what was meant: 0.01 is stored in 32 bits. */
export function decimal(place: OnnxPlace, name: string, usual: number): number {
  return Number(one(place, name, usual).toPrecision(6))
}

export function pairOf(place: OnnxPlace, name: string, usual: number): readonly [number, number] {
  const [down = usual, across = usual] = numbers(place, name, [usual, usual])
  return [down, across]
}

/** `pads` is `[top, left, bottom, right]`; uneven ones become a layer before. Null for `auto_pad`. */
export function padding(place: OnnxPlace): { padding: [number, number]; before: OnnxLayer[] } | null {
  const auto = place.node.attributes.get('auto_pad')?.text ?? 'NOTSET'
  if (auto !== 'NOTSET' && auto !== 'VALID') return null
  const [top = 0, left = 0, bottom = 0, right = 0] = numbers(place, 'pads', [])
  if (top === bottom && left === right) return { padding: [top, left], before: [] }
  return {
    padding: [0, 0],
    before: [{ kind: 'zero_pad2d', params: { top, bottom, left, right }, part: 'pad' }],
  }
}
