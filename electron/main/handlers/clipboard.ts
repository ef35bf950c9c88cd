import electron, { clipboard, nativeImage, type NativeImage } from 'electron'
import type { Handlers } from '../ipc/serve'

/** Electron before its clipboard followed the web's. */
interface OlderClipboard {
  writeImage(image: NativeImage): void
}

export function clipboardHandlers(): Pick<Handlers, 'clipboard.read' | 'clipboard.write'> {
  return {
    async 'clipboard.read'() {
      // Electron's clipboard answers at once, newer ones with a promise.
      return await clipboard.readText()
    },
    async 'clipboard.write'(content) {
      if ('text' in content) await clipboard.writeText(content.text)
      else await writePicture(content.png)
      return undefined
    },
  }
}

async function writePicture(png: Uint8Array<ArrayBuffer>): Promise<void> {
  const older = clipboard as Partial<OlderClipboard>
  if (older.writeImage) {
    older.writeImage(nativeImage.createFromBuffer(Buffer.from(png)))
    return
  }
  // Named through the module: older versions export no such class, and a named import would keep the app from starting.
  await clipboard.write([new electron.ClipboardItem({ 'image/png': new Blob([png], { type: 'image/png' }) })])
}
