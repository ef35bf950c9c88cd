import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { Picture } from '../../shared/inspect/queries'
import { fitPicture, isOnBrightGround } from '../features/inside/fit-picture'
import type { PixelImage } from '../features/inside/pixel-image'
import { readPictureFile } from '../features/inside/read-picture-file'
import { noteStroke } from '../features/inside/stroke-clock'
import { drawStrokes, type PenPoint, type Stroke } from '../features/inside/strokes'
import { useInside } from './inside'
import { useToasts } from './toasts'

export const pictureKinds = ['dataset', 'file', 'drawing'] as const
export type PictureKind = (typeof pictureKinds)[number]

/** Drawings are made this many times finer than the network's input, while that stays below `finest` pixels a side. */
const fineness = 4
const finest = 448

/** The picture file and the drawing of the person, and how they become what the network takes. */
export const useOwnPicture = defineStore('own-picture', () => {
  const inside = useInside()
  const toasts = useToasts()
  /** Where the picture that is chosen at the side comes from. */
  const kind = ref<PictureKind>('dataset')
  const file = shallowRef<{ readonly name: string; readonly image: PixelImage } | null>(null)
  const invert = ref(false)
  const centre = ref(true)
  const strokes = shallowRef<readonly Stroke[]>([])
  const past = shallowRef<readonly (readonly Stroke[])[]>([])
  /** How broad the pen draws, in widths of the pad. */
  const pen = ref(0.085)
  const drawings = new WeakSet<Picture>()
  let frame = 0
  let movedAt: number | null = null

  const shape = computed(() => (inside.choosingPicture === 'other' ? inside.otherInputShape : inside.inputShape))

  /** Reads a picture file and looks at it. A file that is none is told of. */
  async function open(blob: Blob, name: string): Promise<void> {
    const image = await toasts.guard(() => readPictureFile(blob, name))
    if (!image) return
    file.value = { name, image }
    invert.value = isOnBrightGround(image)
    kind.value = 'file'
    inside.choosingPicture ??= 'main'
    show()
  }

  /** Puts the pen down: a stroke begins. `at` is the pointer event's time. */
  function begin(point: PenPoint, at: number): void {
    past.value = [...past.value, strokes.value]
    strokes.value = [...strokes.value, [point]]
    follow(at)
  }

  function extend(points: readonly PenPoint[], at: number): void {
    const last = strokes.value.at(-1)
    if (!last || points.length === 0) return
    strokes.value = [...strokes.value.slice(0, -1), [...last, ...points]]
    follow(at)
  }

  function undo(): void {
    const before = past.value.at(-1)
    if (!before) return
    past.value = past.value.slice(0, -1)
    strokes.value = before
    show()
  }

  function clear(): void {
    if (strokes.value.length === 0) return
    past.value = [...past.value, strokes.value]
    strokes.value = []
    show()
  }

  /** Once a frame however often the pen moves. */
  function follow(at: number): void {
    movedAt ??= at
    frame ||= requestAnimationFrame(() => {
      frame = 0
      show()
    })
  }

  /** Makes what is chosen the picture that is looked at. */
  function show(): void {
    const values = bytes()
    if (!values) return
    const picture: Picture = { type: 'bytes', values }
    if (kind.value === 'drawing') drawings.add(picture)
    if (movedAt !== null) noteStroke(picture, movedAt)
    movedAt = null
    if (inside.choosingPicture === 'other') inside.changeComparison({ picture })
    else inside.picture = picture
  }

  function bytes(): Uint8Array<ArrayBuffer> | null {
    if (!shape.value) return null
    if (kind.value === 'file') {
      if (!file.value) return null
      return fitPicture(file.value.image, shape.value, { invert: invert.value, centre: centre.value })
    }
    if (kind.value === 'dataset') return null
    const { height, width } = shape.value
    const scale = Math.max(1, Math.min(fineness, Math.floor(finest / Math.max(height, width))))
    const drawn = drawStrokes(strokes.value, height * scale, width * scale)
    return fitPicture(drawn, shape.value, { invert: false, centre: centre.value })
  }

  function isDrawing(picture: Picture): boolean {
    return drawings.has(picture)
  }

  return { kind, file, invert, centre, strokes, past, pen, shape, open, begin, extend, undo, clear, show, isDrawing }
})
