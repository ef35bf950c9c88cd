import type { DrawnPicture, PictureColours } from './network-picture'

/** The window's own colours for a light or dark ground, whichever the window shows now. */
export function readColours(theme: 'light' | 'dark'): PictureColours {
  const probe = document.createElement('span')
  probe.style.colorScheme = theme
  document.body.append(probe)
  // A declared colour is computed for the scheme of its own element.
  function colour(token: string): string {
    probe.style.color = `var(--${token})`
    return getComputedStyle(probe).color
  }
  const colours: PictureColours = {
    ground: colour('bg'),
    surface: colour('surface'),
    line: colour('line-strong'),
    ink: colour('ink'),
    faint: colour('ink-2'),
    block: colour('accent-text'),
    weight: colour('weight'),
    result: colour('result'),
    categories: {
      input: colour('layer-input'),
      convolution: colour('layer-convolution'),
      normalization: colour('layer-normalization'),
      activation: colour('layer-activation'),
      pooling: colour('layer-pooling'),
      dense: colour('layer-dense'),
      shape: colour('layer-shape'),
      regularization: colour('layer-regularization'),
      merge: colour('layer-merge'),
    },
  }
  probe.remove()
  return colours
}

/** Drawings of more pixels than this are made smaller: no canvas takes them. */
const mostSide = 16_000

/** The picture as PNG, at twice its size where that is possible. */
export async function toPng({ svg, width, height }: DrawnPicture): Promise<Uint8Array<ArrayBuffer>> {
  const scale = Math.min(2, mostSide / Math.max(width, height))
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }))
  try {
    const image = new Image(width, height)
    image.src = address
    await image.decode()
    const canvas = new OffscreenCanvas(Math.round(width * scale), Math.round(height * scale))
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
    const blob = await canvas.convertToBlob({ type: 'image/png' })
    return new Uint8Array(await blob.arrayBuffer())
  } finally {
    URL.revokeObjectURL(address)
  }
}
