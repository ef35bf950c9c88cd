import { call } from '../api/bridge'

/** Puts text on the clipboard. */
export async function copyText(text: string): Promise<void> {
  await call('clipboard.write', { text })
}

/** Puts a canvas on the clipboard as a PNG picture over `background`. */
export async function copyPicture(canvas: HTMLCanvasElement, background: string): Promise<void> {
  const blob = await toPng(canvas, background)
  await call('clipboard.write', { png: new Uint8Array(await blob.arrayBuffer()) })
}

async function toPng(canvas: HTMLCanvasElement, background: string): Promise<Blob> {
  const copy = document.createElement('canvas')
  copy.width = canvas.width
  copy.height = canvas.height
  const context = copy.getContext('2d')
  if (!context) throw new Error('no 2D drawing here')
  context.fillStyle = background
  context.fillRect(0, 0, copy.width, copy.height)
  context.drawImage(canvas, 0, 0)
  return new Promise((resolve, reject) => {
    copy.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the picture could not be made'))), 'image/png')
  })
}
