import type { RunConfig } from '../training/config'
import { call } from './python'

/** Whether the loss takes labels as vectors of zeros and a one. */
export function takesOneHot({ loss, class_weights }: RunConfig): boolean {
  return loss.type === 'mse' || loss.label_smoothing > 0 || class_weights !== null
}

/** What `model.compile` takes; with class weights it needs `weights`. */
export function loss(config: RunConfig): string {
  if (config.loss.type === 'mse') return 'keras.losses.MeanSquaredError()'
  if (config.class_weights !== null) return 'weighted_cross_entropy(weights)'
  const { label_smoothing } = config.loss
  return label_smoothing > 0
    ? call('keras.losses.CategoricalCrossentropy', [], { from_logits: true, label_smoothing })
    : call('keras.losses.SparseCategoricalCrossentropy', [], { from_logits: true })
}

/**
 * Functions for class weights, none without. `fit(class_weight=…)` divides by the number of pictures and leaves the
 * validation loss unweighted; PyTorch divides by the sum of the labels' weights, always.
 */
export function lossFunctions({ loss, class_weights: weights }: RunConfig, classes: number): string[] {
  if (weights === null || loss.type === 'mse') return []
  const { label_smoothing: smoothing } = loss
  const smooth = smoothing === 0 ? '' : `\n        targets = (1 - ${smoothing}) * targets + ${smoothing} / ${classes}`
  return [
    `def weighted_cross_entropy(weights):
    """torch.nn.CrossEntropyLoss(weights): over the sum of the labels' weights."""

    def loss_of(targets, logits):
        targets = keras.ops.cast(targets, logits.dtype)
        whole = keras.ops.sum(targets * weights)${smooth}
        losses = targets * weights * keras.ops.log_softmax(logits, axis=-1)
        return -keras.ops.sum(losses) / keras.ops.maximum(whole, 1e-12)

    return loss_of`,
    weights === 'balanced'
      ? `def class_weights(targets):
    """Pictures / (classes * pictures of the class), as scikit-learn's "balanced"."""
    counts = targets.sum(axis=0)
    balanced = len(targets) / (${classes} * np.maximum(counts, 1))
    return np.where(counts > 0, balanced, 1).astype("float32")`
      : `def class_weights(targets):
    return np.array([${weights.join(', ')}], "float32")`,
  ]
}
