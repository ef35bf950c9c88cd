import type { ChartLayout, OverlayedLine } from '../../charts/overlay'

/** Every colour is a CSS colour that stands on its own: the picture is read where our style sheet is not. */
export interface OverlayColours {
  readonly ground: string
  readonly ink: string
  readonly faint: string
  readonly grid: string
  /** A run's colour by its token. */
  readonly curve: (token: string) => string
}

export interface OverlayPicture {
  readonly title: string
  /** What else there is to know, beside the title; empty for nothing. */
  readonly note: string
  /** What is written under the horizontal axis. */
  readonly axis: string
  readonly lines: readonly OverlayedLine[]
  readonly layout: ChartLayout
  readonly log: boolean
}

export interface DrawnPicture {
  readonly svg: string
  /** In CSS pixels. */
  readonly width: number
  readonly height: number
}

const plot = { left: 66, top: 52, width: 800, height: 400 }
const legendRow = 19
const legendColumns = 3
/** More names than that are told of by their number. */
const mostNames = 48
const fonts = "Inter, 'Helvetica Neue', Arial, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"

/** A chart of many runs as one SVG text of lines and words, without scripts, styles or outside fonts. */
export function drawOverlay(picture: OverlayPicture, colours: OverlayColours): DrawnPicture {
  const { x, y } = picture.layout
  const across = (value: number): number => plot.left + ((value - x.min) / (x.max - x.min || 1)) * plot.width
  const height = picture.log ? Math.log10 : (value: number): number => value
  const [low, high] = [height(y.min), height(y.max)]
  const down = (value: number): number => plot.top + (1 - (height(value) - low) / (high - low || 1)) * plot.height
  const named = picture.lines.filter(({ isRaw }) => !isRaw)
  const rows = Math.ceil(Math.min(named.length, mostNames) / legendColumns) + (named.length > mostNames ? 1 : 0)
  const bottom = plot.top + plot.height
  const size = { width: plot.left + plot.width + 24, height: bottom + 58 + rows * legendRow + 12 }
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" viewBox="0 0 ${size.width} ${size.height}" font-family="${fonts}">`,
    `<title>${escape(picture.title)}</title>`,
    `<defs><clipPath id="plot"><rect x="${plot.left}" y="${plot.top - 1}" width="${plot.width}" height="${plot.height + 2}"/></clipPath></defs>`,
    `<rect width="${size.width}" height="${size.height}" fill="${colours.ground}"/>`,
    `<text x="${plot.left}" y="30" font-size="16" font-weight="600" fill="${colours.ink}">${escape(picture.title)}</text>`,
    picture.note &&
      `<text x="${plot.left + plot.width}" y="30" font-size="12" text-anchor="end" fill="${colours.faint}">${escape(picture.note)}</text>`,
    ...y.ticks.map(({ value, text }) => {
      const at = round(down(value))
      return `<path d="M ${plot.left} ${at} H ${plot.left + plot.width}" stroke="${colours.grid}"/><text x="${plot.left - 8}" y="${at + 4}" font-size="11" text-anchor="end" fill="${colours.faint}">${escape(text)}</text>`
    }),
    ...x.ticks.map(({ value, text }) => {
      const at = round(across(value))
      return `<text x="${at}" y="${bottom + 18}" font-size="11" text-anchor="middle" fill="${colours.faint}">${escape(text)}</text>`
    }),
    `<path d="M ${plot.left} ${bottom} H ${plot.left + plot.width}" stroke="${colours.faint}"/>`,
    `<text x="${plot.left + plot.width / 2}" y="${bottom + 38}" font-size="12" text-anchor="middle" fill="${colours.ink}">${escape(picture.axis)}</text>`,
    '<g clip-path="url(#plot)" fill="none" stroke-linejoin="round">',
    ...picture.lines.map((line) => drawLine(line, across, down, colours)),
    '</g>',
    ...named.slice(0, mostNames).map((line, index) => drawName(line, index, bottom + 62, colours)),
    named.length > mostNames
      ? `<text x="${plot.left}" y="${bottom + 66 + (rows - 1) * legendRow}" font-size="12" fill="${colours.faint}">+ ${named.length - mostNames}</text>`
      : '',
    '</svg>',
  ]
  return { svg: `${parts.filter(Boolean).join('\n')}\n`, ...size }
}

function drawLine(
  { points, colour, dash, isRaw }: OverlayedLine,
  across: (value: number) => number,
  down: (value: number) => number,
  colours: OverlayColours,
): string {
  const places = points.flatMap(({ x, y }) => {
    const at = down(y)
    // Nothing at and below zero on a logarithmic axis.
    return Number.isFinite(at) ? `${round(across(x))},${round(at)}` : []
  })
  const look = isRaw ? ' stroke-opacity="0.22"' : dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : ''
  return `<polyline points="${places.join(' ')}" stroke="${colours.curve(colour)}" stroke-width="${isRaw ? 1 : 1.8}"${look}/>`
}

function drawName({ name, colour, dash }: OverlayedLine, index: number, top: number, colours: OverlayColours): string {
  const width = plot.width / legendColumns
  const [x, y] = [plot.left + (index % legendColumns) * width, top + Math.floor(index / legendColumns) * legendRow]
  const look = dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : ''
  return `<path d="M ${round(x)} ${y} h 24" stroke="${colours.curve(colour)}" stroke-width="2"${look}/><text x="${round(x + 32)}" y="${y + 4}" font-size="12" fill="${colours.ink}">${escape(name.length > 34 ? `${name.slice(0, 33)}…` : name)}</text>`
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
