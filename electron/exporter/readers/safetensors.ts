import type { NamedTensor } from '../../../shared/formats/tensors'

interface Entry {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly data_offsets: readonly [number, number]
}

/**
 * The tensors of a safetensors file, by the format's own words (https://github.com/huggingface/safetensors#format) and by no
 * line of the writer's. Number by number through a DataView, so that the bytes' order is the file's and not this machine's.
 */
export function parseSafetensors(bytes: Uint8Array): ReadonlyMap<string, NamedTensor> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const begin = 8 + Number(view.getBigUint64(0, true))
  const header = JSON.parse(Buffer.from(bytes.subarray(8, begin)).toString('utf8')) as Record<string, Entry>
  const tensors = Object.entries(header).filter(([name]) => name !== '__metadata__')
  return new Map(
    tensors.map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [from, to],
        },
      ]) => {
        if (dtype !== 'F32') throw new Error(`the tensor "${name}" is of type ${dtype}`)
        const values = Float32Array.from({ length: (to - from) / 4 }, (_, at) =>
          view.getFloat32(begin + from + 4 * at, true),
        )
        return [name, { shape, values }] as const
      },
    ),
  )
}
