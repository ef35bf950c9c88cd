import { AppError } from '../../../shared/errors'

/** Cross-entropy of one picture in nats, as torch.nn.CrossEntropyLoss without smoothing. */
export function crossEntropy(logits: Float32Array, label: number): number {
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity)
  let sum = 0
  for (const logit of logits) sum += Math.exp(logit - largest)
  return largest + Math.log(sum) - (logits[label] ?? NaN)
}

/** Throws `invalid-input`. */
export function requireClass(classIndex: number, classes: number): void {
  if (classIndex < classes) return
  throw new AppError('invalid-input', `The network has ${classes} classes, so none is ${classIndex}.`, {
    fix: `Choose one below ${classes}.`,
    params: { class: classIndex, classes },
  })
}
