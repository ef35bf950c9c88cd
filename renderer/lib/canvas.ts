import { useDevicePixelRatio, useElementSize } from '@vueuse/core'
import { onMounted, shallowRef, watch, watchPostEffect, type Ref } from 'vue'
import { useSettings } from '../stores/settings'

export interface CanvasSize {
  /** CSS pixels */
  readonly width: number
  readonly height: number
}

/**
 * Keeps a canvas as sharp as the screen and draws it again, at most once a frame, when its size, the theme or anything that
 * `draw` reads reactively has changed.
 */
export function useCanvas(
  canvas: Readonly<Ref<HTMLCanvasElement | null>>,
  draw: (context: CanvasRenderingContext2D, size: CanvasSize) => void,
): { size: CanvasSizeRefs; redraw: () => void } {
  const settings = useSettings()
  const size = useElementSize(canvas, undefined, { box: 'content-box' })
  const { pixelRatio } = useDevicePixelRatio()
  const mounted = shallowRef(false)

  function redraw(): void {
    const element = canvas.value
    const context = element?.getContext('2d')
    const [width, height] = [size.width.value, size.height.value]
    if (!element || !context || width === 0 || height === 0) return
    const [across, down] = [Math.round(width * pixelRatio.value), Math.round(height * pixelRatio.value)]
    if (element.width !== across || element.height !== down) {
      element.width = across
      element.height = down
    }
    context.setTransform(pixelRatio.value, 0, 0, pixelRatio.value, 0, 0)
    context.clearRect(0, 0, width, height)
    draw(context, { width, height })
  }

  onMounted(() => (mounted.value = true))
  watchPostEffect(() => {
    if (mounted.value) redraw()
  })
  // The attribute on the root changes the tokens; nothing that is read above tells.
  watch(() => settings.isDark, redraw, { flush: 'post' })
  return { size, redraw }
}

type CanvasSizeRefs = Pick<ReturnType<typeof useElementSize>, 'width' | 'height'>

/** Of a canvas in the page, or of one that becomes a file. */
export type DrawingContext = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D

/** Paints RGBA bytes of `width × height` pixels over a rectangle: as sharp squares, or blended where `smooth`. */
export function paintPixels(
  context: DrawingContext,
  pixels: Uint8ClampedArray<ArrayBuffer>,
  source: CanvasSize,
  target: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  smooth = false,
): void {
  // One canvas for all: kernels are painted many times a second.
  scratch ??= new OffscreenCanvas(source.width, source.height)
  if (scratch.width !== source.width || scratch.height !== source.height) {
    scratch.width = source.width
    scratch.height = source.height
  }
  scratch.getContext('2d')?.putImageData(new ImageData(pixels, source.width, source.height), 0, 0)
  context.imageSmoothingEnabled = smooth || target.width < source.width
  context.drawImage(scratch, target.x, target.y, target.width, target.height)
}

let scratch: OffscreenCanvas | null = null
