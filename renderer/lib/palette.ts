import { colourTable, parseColour, type Rgb } from './colour'

/**
 * Colours of the tokens for canvases, resolved for the theme in force. Reading makes the browser compute styles, so callers
 * keep what they get until the theme changes.
 */
export function readColour(token: string): string {
  const probe = document.createElement('span')
  probe.style.color = `var(--${token})`
  probe.hidden = true
  document.body.append(probe)
  const colour = getComputedStyle(probe).color
  probe.remove()
  return colour || '#808080'
}

function readRgb(token: string): Rgb {
  return parseColour(readColour(token))
}

/** 256 colours of the signed scale, from the most negative to the most positive. */
export function readDivergingTable(): Uint8ClampedArray {
  return colourTable([1, 2, 3, 4, 5].map((stop) => readRgb(`diverging-${stop}`)))
}

/** 256 colours of values from zero up: the upper half of the signed scale. */
export function readSequentialTable(): Uint8ClampedArray {
  return colourTable([3, 4, 5].map((stop) => readRgb(`diverging-${stop}`)))
}

/** Ten colours that tell classes apart; later classes begin again. */
export function readClassColours(): readonly string[] {
  return Array.from({ length: 10 }, (_, i) => readColour(`class-${i + 1}`))
}

/** 256 colours for the brightness of pictures with one channel. */
export function readPictureTable(): Uint8ClampedArray {
  return colourTable([readRgb('picture-low'), readRgb('picture-high')])
}

/** `colour` as computed styles give it, with another opacity. */
export function withAlpha(colour: string, alpha: number): string {
  const [r, g, b] = parseColour(colour)
  return `rgba(${r}, ${g}, ${b}, ${alpha})`
}
