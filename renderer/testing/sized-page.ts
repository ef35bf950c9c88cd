import { vi } from 'vitest'

/** Gives every element a size, and makes each visible, which a page without a layout has not. */
export function pretendLayout(width = 900, height = 700): void {
  const box = { x: 0, y: 0, top: 0, left: 0, right: width, bottom: height, width, height, toJSON: () => ({}) }
  vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockReturnValue(box)
  const sizes = [{ inlineSize: width, blockSize: height }]
  const resized = { contentBoxSize: sizes, borderBoxSize: sizes, contentRect: box }
  vi.stubGlobal('ResizeObserver', observerThatTells(resized))
  vi.stubGlobal('IntersectionObserver', observerThatTells({ isIntersecting: true, time: 1 }))
}

/** An observer that tells the same of each element, a little after it was asked to. */
function observerThatTells(entry: object) {
  return class {
    constructor(private readonly tell: (entries: object[]) => void) {}
    observe(target: Element): void {
      queueMicrotask(() => this.tell([{ ...entry, target }]))
    }
    unobserve(): void {}
    disconnect(): void {}
  }
}
