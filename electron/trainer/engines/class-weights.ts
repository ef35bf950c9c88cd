import type { LabelledImages } from '../../../shared/data/dataset'
import { AppError } from '../../../shared/errors'
import type { RunConfig } from '../../../shared/training/config'

/**
 * The weight of each class: as given, or for `balanced` N / (classes · pictures of the class) over the pictures of `indices`
 * (King and Zeng 2001), 1 for a class without pictures. Null for equal weights. Throws `invalid-input` where there is not one
 * weight for each class.
 */
export function resolveClassWeights(
  chosen: RunConfig['class_weights'],
  { labels }: Pick<LabelledImages, 'labels'>,
  indices: Int32Array,
  classes: number,
): readonly number[] | null {
  if (chosen === null) return null
  if (chosen === 'balanced') {
    const counts = Array<number>(classes).fill(0)
    for (const index of indices) {
      const label = labels[index] ?? 0
      counts[label] = (counts[label] ?? 0) + 1
    }
    return counts.map((count) => (count === 0 ? 1 : indices.length / (classes * count)))
  }
  if (chosen.length !== classes) {
    throw new AppError(
      'invalid-input',
      `There are ${chosen.length} class weights, and the data set has ${classes} classes.`,
      { fix: 'Give one weight for each class.', params: { weights: chosen.length, classes } },
    )
  }
  return chosen
}

/** The labels' weights together; their number without class weights. */
export function weightOf(labels: Iterable<number>, classWeights: readonly number[] | null): number {
  let sum = 0
  for (const label of labels) sum += classWeights === null ? 1 : (classWeights[label] ?? 0)
  return sum
}
