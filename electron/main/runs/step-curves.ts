import type { StepRecord } from '../../../shared/training/state'
import type { Curve, CurvesRepository, StoredStep } from '../db/repositories/curves'

/** All steps of runs as columns, fast: packed ones from the database, the rest added to them. */
export interface StepCurves {
  /** From step 1 on; `unsaved` are those that the database does not have yet. */
  get(run: string, unsaved?: readonly StepRecord[]): Curve
  /** Packs the steps of an ended run. */
  pack(run: string): void
}

/** Curves that are kept in memory between two looks at them. */
const mostCachedBytes = 96 * 1024 * 1024

export function createStepCurves(curves: CurvesRepository): StepCurves {
  // In the order of use: the one not looked at for the longest first.
  const cache = new Map<string, Curve>()
  let cachedBytes = 0

  function keep(run: string, curve: Curve): void {
    drop(run)
    cache.set(run, curve)
    cachedBytes += sizeOf(curve)
    for (const old of cache.keys()) {
      if (cachedBytes <= mostCachedBytes || old === run) break
      drop(old)
    }
  }

  function drop(run: string): void {
    const known = cache.get(run)
    if (known) cachedBytes -= sizeOf(known)
    cache.delete(run)
  }

  function stored(run: string): Curve {
    const last = curves.lastStep(run)
    const known = cache.get(run)
    // Shorter than what is known: the run went back to a checkpoint.
    let curve = known && known.loss.length <= last ? known : (curves.get(run) ?? emptyCurve)
    if (curve.loss.length < last) curve = extend(curve, curves.stepsAfter(run, curve.loss.length))
    keep(run, curve)
    return curve
  }

  return {
    get(run, unsaved = []) {
      const curve = stored(run)
      const rest = unsaved
        .filter(({ step }) => step > curve.loss.length)
        .map(({ step, loss, learningRate }): StoredStep => [step, loss, learningRate])
      return rest.length > 0 ? extend(curve, rest) : curve
    },
    pack(run) {
      curves.put(run, stored(run))
    },
  }
}

const emptyCurve: Curve = { loss: new Float32Array(), learningRate: new Float32Array() }

function sizeOf({ loss, learningRate }: Curve): number {
  return loss.byteLength + learningRate.byteLength
}

/** Puts steps behind a curve. One that is missing has no loss. */
function extend(curve: Curve, steps: readonly StoredStep[]): Curve {
  const count = Math.max(curve.loss.length, steps.at(-1)?.[0] ?? 0)
  const loss = new Float32Array(count).fill(NaN, curve.loss.length)
  const rates = new Float32Array(count)
  loss.set(curve.loss)
  if (curve.learningRate.length === curve.loss.length) rates.set(curve.learningRate)
  else rates.fill(curve.learningRate[0] ?? NaN, 0, curve.loss.length)
  let rate = rates[curve.loss.length - 1] ?? NaN
  let at = curve.loss.length
  for (const [step, value, learningRate] of steps) {
    while (at < step - 1) rates[at++] = rate
    rate = learningRate
    rates[at] = rate
    loss[at++] = value ?? NaN
  }
  const first = rates[0] ?? NaN
  const isConstant = count > 0 && rates.every((one) => one === first)
  return { loss, learningRate: isConstant ? rates.slice(0, 1) : rates }
}
