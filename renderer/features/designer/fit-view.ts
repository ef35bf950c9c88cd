/** In canvas or screen pixels. */
export interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

export interface Size {
  readonly width: number
  readonly height: number
}

/** How the canvas is moved and scaled: `screen = canvas · zoom + (x, y)`. */
export interface Viewport {
  readonly x: number
  readonly y: number
  readonly zoom: number
}

export interface FitLimits {
  /** Zooms. */
  readonly least: number
  readonly most: number
  /** Around all, in screen pixels. */
  readonly margin: number
}

/** The smallest box around all of them; null around none. */
export function around(boxes: readonly Box[]): Box | null {
  if (boxes.length === 0) return null
  return {
    left: Math.min(...boxes.map(({ left }) => left)),
    top: Math.min(...boxes.map(({ top }) => top)),
    right: Math.max(...boxes.map(({ right }) => right)),
    bottom: Math.max(...boxes.map(({ bottom }) => bottom)),
  }
}

export function onScreen({ left, top, right, bottom }: Box, { x, y, zoom }: Viewport): Box {
  return { left: left * zoom + x, top: top * zoom + y, right: right * zoom + x, bottom: bottom * zoom + y }
}

/**
 * Shows all boxes as large as the limits allow, with none of them under `tools` in the lower left corner: beside or above
 * them, where the middle of the canvas would put one there. What is too large even at the least zoom begins at the upper
 * left.
 */
export function fitView(
  boxes: readonly Box[],
  size: Size,
  limits: FitLimits,
  tools: Size = { width: 0, height: 0 },
): Viewport | null {
  const content = around(boxes)
  if (!content || size.width <= 0 || size.height <= 0) return null
  const middle = centred(content, size, { left: 0, bottom: 0 }, limits)
  const shown = onScreen(content, middle)
  if (shown.right > size.width || shown.bottom > size.height) return middle
  const above = centred(content, size, { left: 0, bottom: tools.height }, limits)
  const beside = centred(content, size, { left: tools.width, bottom: 0 }, limits)
  const corner = { left: 0, top: size.height - tools.height, right: tools.width, bottom: size.height }
  const free = [middle, above, beside].filter((view) => !boxes.some((box) => overlap(onScreen(box, view), corner)))
  return free.reduce((best, view) => (view.zoom > best.zoom ? view : best), free[0] ?? middle)
}

function centred(
  content: Box,
  size: Size,
  inset: { readonly left: number; readonly bottom: number },
  { least, most, margin }: FitLimits,
): Viewport {
  const [across, down] = [content.right - content.left, content.bottom - content.top]
  const [width, height] = [size.width - inset.left, size.height - inset.bottom]
  const fitting = Math.min((width - 2 * margin) / across, (height - 2 * margin) / down)
  const zoom = Math.min(most, Math.max(least, fitting))
  return {
    x: inset.left + Math.max(margin, (width - across * zoom) / 2) - content.left * zoom,
    y: Math.max(margin, (height - down * zoom) / 2) - content.top * zoom,
    zoom,
  }
}

/** How far a box on the screen has to move, at least, to be seen whole. */
export function revealShift(box: Box, size: Size, margin: number): { readonly dx: number; readonly dy: number } {
  return {
    dx: into(box.left, box.right, size.width, margin),
    dy: into(box.top, box.bottom, size.height, margin),
  }
}

function into(start: number, end: number, room: number, margin: number): number {
  if (start < margin) return margin - start
  return end > room - margin ? Math.max(margin - start, room - margin - end) : 0
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}
