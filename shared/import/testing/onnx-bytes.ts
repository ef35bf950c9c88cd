/** A protobuf field of a test's own: a number, bytes, a text or a message. */
type Field = readonly [number: number, value: number | string | Uint8Array | readonly Field[]]

/** Writes fields as protobuf does. https://protobuf.dev/programming-guides/encoding */
export function message(fields: readonly Field[]): Uint8Array {
  return Uint8Array.from(
    fields.flatMap(([number, value]) => {
      if (typeof value === 'number') return [...varint(number * 8), ...varint(value)]
      const bytes =
        typeof value === 'string'
          ? new TextEncoder().encode(value)
          : value instanceof Uint8Array
            ? value
            : message(value)
      return [...varint(number * 8 + 2), ...varint(bytes.length), ...bytes]
    }),
  )
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]
}

export interface ModelParts {
  readonly nodes: readonly (readonly [op: string, inputs: string, outputs: string])[]
  /** Sizes that are texts stand open. */
  readonly inputs?: Readonly<Record<string, readonly (number | string)[]>>
  readonly outputs?: readonly string[]
  readonly tensors?: readonly (readonly Field[])[]
}

/** An ONNX model; inputs and outputs of a node are names with spaces between. */
export function onnxModel({ nodes, inputs = { x: ['batch', 1, 8, 8] }, outputs = ['y'], tensors = [] }: ModelParts) {
  const graph: Field[] = [
    ...nodes.map(([op, from, to]): Field => [
      1,
      [
        ...from.split(' ').map((name): Field => [1, name]),
        ...to.split(' ').map((name): Field => [2, name]),
        [3, `/${op}`],
        [4, op],
      ],
    ]),
    ...tensors.map((tensor): Field => [5, tensor]),
    ...Object.entries(inputs).map(([name, dims]): Field => {
      const sizes = dims.map((size): Field => [1, [typeof size === 'number' ? [1, size] : [2, size]]])
      return [
        11,
        [
          [1, name],
          [
            2,
            [
              [
                1,
                [
                  [1, 1],
                  [2, sizes],
                ],
              ],
            ],
          ],
        ],
      ]
    }),
    ...outputs.map((name): Field => [12, [[1, name]]]),
  ]
  return message([
    [1, 8],
    [7, graph],
  ])
}
