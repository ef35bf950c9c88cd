import { t } from '../../i18n/text'
import { chartFont } from '../../charts/look'
import type { DrawingContext } from '../../lib/canvas'
import { formatValue } from '../../lib/number-format'
import { readColour, readDivergingTable, readPictureTable, readSequentialTable } from '../../lib/palette'
import { useInside } from '../../stores/inside'
import { useToasts } from '../../stores/toasts'
import { momentText } from '../inside/moment-text'
import { copyPng, drawPng, savePng } from '../inside/png'
import { useShownPicture } from '../inside/use-shown-picture'
import { drawMap, type MapColours, type MapPicture } from './draw-map'

interface Exported {
  readonly title: string
  readonly picture: MapPicture
}

/** Of the picture file: of the map, of the space around it, of the ramp. */
const side = 560
const margin = 24
const ramp = 10

/** Copies or saves a map with its title and legend as a picture of its own. */
export function useMapExport(read: () => Exported) {
  const toasts = useToasts()
  const inside = useInside()
  const { name } = useShownPicture('main')

  async function make(): Promise<{ title: string; png: Uint8Array<ArrayBuffer> }> {
    const { title, picture } = read()
    const [height = 1, width = 1] = picture.image?.shape ?? []
    const down = Math.round((side * height) / width)
    const below = margin + 20 + 20 + down
    const png = await drawPng(side + 2 * margin, below + 62, readColour('surface'), (context) => {
      write(context, title, `600 15px ${chartFont.family}`, 'ink', margin, margin)
      const place = [inside.run?.name, momentText(inside.moment, inside.moments), name.value].join(' · ')
      write(context, place, `12px ${chartFont.family}`, 'ink-3', margin, margin + 19)
      const colours: MapColours = {
        picture: readPictureTable(),
        diverging: readDivergingTable(),
        sequential: readSequentialTable(),
      }
      drawMap(context, picture, colours, { x: margin, y: margin + 36, width: side, height: down })
      drawLegend(context, picture, colours, below + 12)
    })
    return { title, png }
  }

  async function copy(): Promise<void> {
    const made = await toasts.guard(async () => {
      const picture = await make()
      await copyPng(picture.png)
      return picture
    })
    if (made) toasts.inform(t('chart.copied'), made.title)
  }

  async function save(): Promise<void> {
    const path = await toasts.guard(async () => {
      const { title, png } = await make()
      return savePng(title, png)
    })
    if (path !== null) toasts.inform(t('explain.saved'), path)
  }

  return { copy, save }
}

function drawLegend(context: DrawingContext, { scale }: MapPicture, tables: MapColours, y: number): void {
  const table = scale.signed ? tables.diverging : tables.sequential
  for (let x = 0; x < side; x++) {
    const at = Math.floor((x / side) * 256) * 4
    context.fillStyle = `rgb(${table[at] ?? 0}, ${table[at + 1] ?? 0}, ${table[at + 2] ?? 0})`
    context.fillRect(margin + x, y, 1, ramp)
  }
  const font = `12px ${chartFont.family}`
  const [low, high] = [scale.signed ? -scale.limit : 0, scale.limit]
  context.textAlign = 'left'
  write(context, formatValue(low, 3), font, 'ink-3', margin, y + ramp + 4)
  context.textAlign = 'center'
  if (scale.signed) write(context, '0', font, 'ink-3', margin + side / 2, y + ramp + 4)
  context.textAlign = 'right'
  write(context, formatValue(high, 3), font, 'ink-3', margin + side, y + ramp + 4)
}

function write(
  context: DrawingContext,
  text: string,
  font: string,
  colour: 'ink' | 'ink-3',
  x: number,
  y: number,
): void {
  context.font = font
  context.fillStyle = readColour(colour)
  context.textBaseline = 'top'
  context.fillText(text, x, y, side)
}
