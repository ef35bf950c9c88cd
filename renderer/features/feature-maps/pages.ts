import type { MapsPage } from '../../../shared/inspect/answers'

/** `a − b` of two pages of the same maps; null where they are not. */
export function differenceOfPages(a: MapsPage, b: MapsPage): Float32Array | null {
  if (a.first !== b.first || a.values.length !== b.values.length) return null
  return a.values.map((value, index) => value - (b.values[index] ?? 0))
}

/** The page of a layer that holds just these channels and has this size; null where none does. */
export function pageOf(
  pages: readonly MapsPage[] | undefined,
  wanted: Pick<MapsPage, 'layer' | 'first' | 'count' | 'height' | 'width'>,
): MapsPage | null {
  const keys = ['layer', 'first', 'count', 'height', 'width'] as const
  return pages?.find((page) => keys.every((key) => page[key] === wanted[key])) ?? null
}
