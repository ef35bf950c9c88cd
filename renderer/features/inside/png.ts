import { call } from '../../api/bridge'

/** Draws a picture of its own, `width × height` pixels over `ground`, and gives it as PNG. */
export async function drawPng(
  width: number,
  height: number,
  ground: string,
  draw: (context: OffscreenCanvasRenderingContext2D) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('no 2D drawing here')
  context.fillStyle = ground
  context.fillRect(0, 0, width, height)
  draw(context)
  const blob = await canvas.convertToBlob({ type: 'image/png' })
  return new Uint8Array(await blob.arrayBuffer())
}

export async function copyPng(png: Uint8Array<ArrayBuffer>): Promise<void> {
  await call('clipboard.write', { png })
}

/** Asks for a file name; gives the path, or null when the person changed their mind. */
export async function savePng(name: string, png: Uint8Array<ArrayBuffer>): Promise<string | null> {
  return call('documents.export', { kind: 'png', name, content: png })
}
