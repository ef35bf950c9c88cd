import type { LabelledImages } from '../../../shared/data/dataset'

/** Places in a split of `total` pictures, those of one class only where one is given and the labels are here. */
export function placesOf(total: number, labels: Uint8Array | null, onlyClass: number | null): number[] {
  const all = Array.from({ length: total }, (_, index) => index)
  return onlyClass === null || !labels ? all : all.filter((index) => labels[index] === onlyClass)
}

export function pageOf(places: readonly number[], page: number, size: number): readonly number[] {
  return places.slice(page * size, (page + 1) * size)
}

/** Single pictures as one batch, those before the first that is missing; null where that is all. */
export function joinPictures(pictures: readonly (LabelledImages | null)[]): LabelledImages | null {
  const missing = pictures.indexOf(null)
  const here = pictures.slice(0, missing < 0 ? undefined : missing).filter((one) => one !== null)
  const [first] = here
  if (!first) return null
  const size = first.images.length
  const images = new Uint8Array(here.length * size)
  here.forEach((one, index) => images.set(one.images, index * size))
  return { count: here.length, shape: first.shape, images, labels: Uint8Array.from(here, (one) => one.labels[0] ?? 0) }
}
