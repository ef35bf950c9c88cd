import { writeNpy } from '../../../shared/formats/npy'
import { call } from '../../api/bridge'
import { t } from '../../i18n/text'
import { packColours } from '../../lib/tiles'
import { drawPng, savePng } from '../inside/png'
import { drawSheet, readSheetLook, sheetSize, type Sheet } from '../inside/sheet'
import { fileLayout, isFlow, kernelPainter, type GridLook } from './kernel-grid'
import type { KernelSet } from './kernel-set'

/** A PNG is about as wide, where the kernels are not too many for it. */
const pngWidth = 1600

export interface KernelSheetOptions {
  readonly look: GridLook
  /** Of the common scale. */
  readonly limit: number
  readonly table: Uint32Array
  readonly heading: string
  /** About, in pixels. */
  readonly width: number
}

/** All kernels of a layer as a picture for a file. */
export function kernelSheet(set: KernelSet, { look, limit, table, heading, width }: KernelSheetOptions): Sheet {
  const names = isFlow(set, look.rgb)
    ? {}
    : {
        rowName: (row: number) => String((look.order[row] ?? row) + 1),
        columnName: (column: number) => String(column + 1),
      }
  return {
    heading,
    layout: fileLayout(set, look.rgb, width),
    paint: kernelPainter(set, look, limit, table),
    limit: look.scale === 'common' && !look.rgb ? limit : null,
    ...names,
  }
}

/** Asks for a file name; gives the path, or null when the person changed their mind. */
export async function saveKernelsPng(
  set: KernelSet,
  look: GridLook,
  limit: number,
  heading: string,
): Promise<string | null> {
  const colours = readSheetLook()
  const sheet = kernelSheet(set, { look, limit, heading, table: packColours(colours.table), width: pngWidth })
  const { width, height } = sheetSize(sheet)
  const png = await drawPng(width, height, colours.ground, (context) => drawSheet(context, sheet, colours))
  return savePng(t('kernels.file', { layer: set.layer }), png)
}

/** The weights as NumPy reads them, `[out, in, height, width]`. As `saveKernelsPng`. */
export async function saveKernelsNpy(set: KernelSet): Promise<string | null> {
  const { count, channels, height, width, values } = set
  const content = writeNpy({ shape: [count, channels, height, width], values })
  return call('documents.export', { kind: 'npy', name: t('kernels.file', { layer: set.layer }), content })
}
