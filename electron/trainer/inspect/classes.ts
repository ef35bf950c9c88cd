import { AppError } from '../../../shared/errors'

/** Softmax, in double precision. */
export function softmax(logits: Float32Array): Float32Array {
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity)
  const exponentials = Float64Array.from(logits, (logit) => Math.exp(logit - largest))
  const sum = exponentials.reduce((a, b) => a + b, 0)
  return Float32Array.from(exponentials, (value) => value / sum)
}

/** Cross-entropy of one picture in nats, as torch.nn.CrossEntropyLoss without smoothing. */
export function crossEntropy(logits: Float32Array, label: number): number {
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity)
  let sum = 0
  for (const logit of logits) sum += Math.exp(logit - largest)
  return largest + Math.log(sum) - (logits[label] ?? NaN)
}

/** The first of equal ones. */
export function largestAt(values: Float32Array): number {
  let best = 0
  for (let at = 1; at < values.length; at++) if ((values[at] ?? 0) > (values[best] ?? 0)) best = at
  return best
}

/** Throws `invalid-input`. */
export function requireClass(classIndex: number, classes: number): void {
  if (classIndex < classes) return
  throw new AppError('invalid-input', `The network has ${classes} classes, so none is ${classIndex}.`, {
    fix: `Choose one below ${classes}.`,
    params: { class: classIndex, classes },
  })
}
