import type { LayerCategory } from '../../../shared/layers/define'
import { edgeEnds, edgePath, labelTurn } from '../designer/edge-path'
import type { EdgeRoute, GraphEdge } from '../designer/edge-routes'
import { nodeHeight, nodeWidth } from '../designer/graph-layout'
import { frameAround, type BlockFrame } from '../designer/group-frames'
import type { Places } from '../designer/places'

/** What the picture says of one layer. */
export interface PictureLayer {
  readonly id: string
  readonly name: string
  readonly category: LayerCategory
  /** Settings and parameter count. */
  readonly params: string
  readonly count: string
  /** What comes out; empty while that is unknown. */
  readonly shape: string
}

/** Layers that stand for a block. */
export interface PictureGroup {
  readonly name: string
  /** How often it repeats, as the picture says it: `× 3`; empty for once. */
  readonly times: string
  readonly layers: readonly string[]
}

export interface NetworkPicture {
  readonly title: string
  readonly layers: readonly PictureLayer[]
  readonly places: Places
  readonly edges: readonly GraphEdge[]
  readonly routes: ReadonlyMap<string, EdgeRoute>
  readonly groups: readonly PictureGroup[]
}

/** Every colour is a CSS colour that stands on its own: the picture is read where our style sheet is not. */
export interface PictureColours {
  readonly ground: string
  readonly surface: string
  readonly line: string
  readonly ink: string
  readonly faint: string
  /** Frames and names of blocks. */
  readonly block: string
  /** Numbers of weights. */
  readonly weight: string
  /** What the network gives. */
  readonly result: string
  readonly categories: Readonly<Record<LayerCategory, string>>
}

export interface DrawnPicture {
  readonly svg: string
  /** In CSS pixels. */
  readonly width: number
  readonly height: number
}

const margin = 24
/** Room for the arrow of what comes out. */
const outputHeight = 30
const titleHeight = 46
const fonts = "Inter, 'Helvetica Neue', Arial, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"

/** The network as one SVG text without scripts, styles or outside fonts, for papers and slides. */
export function drawNetwork(picture: NetworkPicture, colours: PictureColours): DrawnPicture {
  const shown = picture.layers.filter(({ id }) => picture.places.has(id))
  const spots = shown.map(({ id }) => picture.places.get(id) ?? { x: 0, y: 0 })
  const lanes = [...picture.routes.values()].flatMap(({ lane }) => lane ?? [])
  const frames = picture.groups.flatMap((group) => {
    const frame = frameAround(group.layers.flatMap((id) => picture.places.get(id) ?? []))
    return frame ? [{ group, frame }] : []
  })
  const boxes = frames.map(({ frame }) => frame.box)
  const left = Math.min(0, ...spots.map(({ x }) => x), ...lanes, ...boxes.map((box) => box.left))
  const top = Math.min(...spots.map(({ y }) => y), ...boxes.map((box) => box.top), Number.MAX_SAFE_INTEGER)
  const right = Math.max(
    nodeWidth,
    ...spots.map(({ x }) => x + nodeWidth),
    ...lanes.map((lane) => lane + 20),
    ...boxes.map((box) => box.right),
  )
  const bottom =
    Math.max(nodeHeight, ...spots.map(({ y }) => y + nodeHeight), ...boxes.map((box) => box.bottom)) + outputHeight
  const width = Math.ceil(right - left + 2 * margin)
  const height = Math.ceil(bottom - Math.min(top, bottom) + 2 * margin + titleHeight)
  const consumed = new Set(picture.edges.map(({ from }) => from))
  const shapes = new Map(shown.map(({ id, shape }) => [id, shape]))
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${fonts}">`,
    `<title>${escape(picture.title)}</title>`,
    `<rect width="${width}" height="${height}" fill="${colours.ground}"/>`,
    `<text x="${margin}" y="${margin + 14}" font-size="17" font-weight="600" fill="${colours.ink}">${escape(picture.title)}</text>`,
    `<g transform="translate(${margin - left} ${margin + titleHeight - Math.min(top, bottom)})">`,
    ...frames.map(({ group, frame }) => drawFrame(group, frame, colours)),
    ...picture.edges.map((edge) => drawEdge(edge, picture, shapes.get(edge.from) ?? '', colours)),
    ...shown.filter(({ id }) => !consumed.has(id)).map((layer) => drawOutput(layer, picture.places, colours)),
    ...shown.map((layer) => drawLayer(layer, picture.places.get(layer.id) ?? { x: 0, y: 0 }, colours)),
    '</g>',
    '</svg>',
  ]
  return { svg: `${parts.filter(Boolean).join('\n')}\n`, width, height }
}

function drawFrame({ name, times }: PictureGroup, { box, nameWidth }: BlockFrame, colours: PictureColours): string {
  const { left, top } = box
  const [width, height] = [box.right - left, box.bottom - top]
  const text = [fit(name, Math.floor((nameWidth - 10) / 6.2) - times.length), times].filter(Boolean).join('  ')
  return [
    `<rect x="${left}" y="${top}" width="${width}" height="${height}" rx="10" fill="${colours.block}" fill-opacity="0.05" stroke="${colours.block}" stroke-opacity="0.45"/>`,
    `<text x="${left + 10}" y="${top + 15}" font-size="11" font-weight="600" fill="${colours.block}">${escape(text)}</text>`,
  ].join('')
}

function drawEdge(edge: GraphEdge, { places, routes }: NetworkPicture, shape: string, colours: PictureColours): string {
  const [from, to] = [places.get(edge.from), places.get(edge.to)]
  if (!from || !to) return ''
  const ends = edgeEnds(from, to)
  const { path, label } = edgePath(ends, routes.get(edge.id) ?? null)
  const turn = labelTurn(label)
  const tip = `M ${ends.targetX - 3.5} ${ends.targetY - 6} L ${ends.targetX} ${ends.targetY} L ${ends.targetX + 3.5} ${ends.targetY - 6} Z`
  const text = shape
    ? `<text x="${label.x}" y="${label.y}" font-size="11" text-anchor="${label.anchor}"${turn ? ` transform="${turn}"` : ''} fill="${colours.faint}">${escape(shape)}</text>`
    : ''
  return `<path d="${path}" fill="none" stroke="${colours.line}" stroke-width="1.5"/><path d="${tip}" fill="${colours.line}"/>${text}`
}

function drawOutput({ id, shape }: PictureLayer, places: Places, colours: PictureColours): string {
  const place = places.get(id)
  if (!place || !shape) return ''
  const [x, y] = [place.x + nodeWidth / 2, place.y + nodeHeight]
  return [
    `<path d="M ${x} ${y} V ${y + 24}" fill="none" stroke="${colours.result}" stroke-width="1.5"/>`,
    `<path d="M ${x - 3.5} ${y + 22} L ${x} ${y + 28} L ${x + 3.5} ${y + 22} Z" fill="${colours.result}"/>`,
    `<text x="${x + 8}" y="${y + 20}" font-size="11" font-weight="600" fill="${colours.result}">${escape(shape)}</text>`,
  ].join('')
}

function drawLayer(layer: PictureLayer, { x, y }: { x: number; y: number }, colours: PictureColours): string {
  const hue = colours.categories[layer.category]
  const nameY = layer.params ? 20 : 29
  return [
    `<g transform="translate(${x} ${y})">`,
    `<rect width="${nodeWidth}" height="${nodeHeight}" rx="7" fill="${colours.surface}" stroke="${colours.line}"/>`,
    `<rect x="0.5" y="8" width="4" height="${nodeHeight - 16}" rx="2" fill="${hue}"/>`,
    `<text x="13" y="${nameY}" font-size="13" font-weight="600" fill="${colours.ink}">${escape(fit(layer.name, layer.count ? 15 : 20))}</text>`,
    layer.params
      ? `<text x="13" y="37" font-size="11" fill="${colours.faint}">${escape(fit(layer.params, 26))}</text>`
      : '',
    layer.count
      ? `<text x="${nodeWidth - 9}" y="${nameY}" font-size="11" font-weight="600" text-anchor="end" fill="${colours.weight}">${escape(layer.count)}</text>`
      : '',
    '</g>',
  ].join('')
}

/** Cut so that it stays in its box whatever the font; wide letters count twice. */
function fit(text: string, most: number): string {
  let used = 0
  let kept = ''
  for (const letter of text) {
    used += letter.codePointAt(0)! > 0x2e80 ? 2 : 1
    if (used > most) return `${kept.trimEnd()}…`
    kept += letter
  }
  return kept
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
