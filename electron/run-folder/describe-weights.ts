import { open } from 'node:fs/promises'
import { describeSafetensors, safetensorsHeaderLength, type DescribedTensor } from '../../shared/formats/safetensors'

/** The tensors of a safetensors file, from its header alone. Throws as `describeSafetensors`, and what the disk throws. */
export async function describeWeights(file: string, source = file): Promise<DescribedTensor[]> {
  const handle = await open(file)
  try {
    const { size } = await handle.stat()
    const length = new Uint8Array(8)
    await handle.read(length, 0, 8, 0)
    const header = new Uint8Array(Math.min(size, safetensorsHeaderLength(length)))
    await handle.read(header, 0, header.length, 0)
    return describeSafetensors(header, size, source)
  } finally {
    await handle.close()
  }
}
