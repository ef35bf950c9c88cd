/**
 * Gradients scaled together so that their L2 norm is at most `most`, as torch.nn.utils.clip_grad_norm_: times
 * `min(1, most / (norm + 1e-6))`. Null leaves them as they are. Pascanu et al. 2013.
 */
export function clipped(
  gradients: ReadonlyMap<string, Float32Array>,
  most: number | null,
): ReadonlyMap<string, Float32Array> {
  if (most === null) return gradients
  let squares = 0
  for (const values of gradients.values()) for (const value of values) squares += value * value
  const factor = most / (Math.sqrt(squares) + 1e-6)
  if (factor >= 1) return gradients
  return new Map([...gradients].map(([name, values]) => [name, values.map((value) => value * factor)]))
}
