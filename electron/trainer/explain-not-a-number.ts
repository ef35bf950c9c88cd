import { AppError } from '../../shared/errors'
import type { SoundNetwork } from '../../shared/network/analyze'
import type { RunConfig } from '../../shared/training/config'
import { epochOrder, stepSeed, type RunData } from './batches'
import { findCulprit, type Culprit } from './culprit'
import type { CompiledNetwork, Engine } from './engines/engine'
import type { Emit } from './reporter'

export interface FailedTraining {
  readonly engine: Engine
  readonly network: SoundNetwork
  readonly compiled: CompiledNetwork
  readonly data: RunData
  readonly config: RunConfig
  readonly emit: Emit
}

/**
 * The error with the layer that is to blame, where a training ended with `not-a-number`; any other error as it is, and that
 * one, too, where the search itself fails. A step whose loss is not finite changes no weight, so that what led to it can still
 * be looked at.
 */
export async function explainNotANumber(error: unknown, training: FailedTraining): Promise<unknown> {
  if (!(error instanceof AppError) || error.kind !== 'not-a-number') return error
  try {
    const { engine, network, compiled, data, config, emit } = training
    const batch = batchOf(Number(error.params['step']), data, config)
    const culprit = await findCulprit(engine, network, compiled, data.train, batch, () => breathe(emit))
    return named(error, culprit, network, config)
  } catch {
    return error
  }
}

/** The pictures and masks of a step (from 1 over the whole run). */
function batchOf(step: number, { trainIndices }: RunData, config: RunConfig) {
  const stepsPerEpoch = Math.ceil(trainIndices.length / config.batch_size)
  const epoch = Math.max(1, Math.ceil(step / stepsPerEpoch))
  const start = Math.max(0, step - 1 - (epoch - 1) * stepsPerEpoch) * config.batch_size
  const indices = epochOrder(trainIndices, config, epoch).slice(start, start + config.batch_size)
  return { indices, seed: stepSeed(config.seed, epoch, step) }
}

function named(error: AppError, { layer, what, weight }: Culprit, network: SoundNetwork, config: RunConfig): AppError {
  const kind = network.byId.get(layer)?.kind.text.en.label ?? ''
  const subject = {
    weight: `The weight ${weight} of ${layer} (${kind}) is the first that is not finite.`,
    output: `The output of ${layer} (${kind}) is the first that is not finite.`,
    gradient: `The gradient of ${weight} in ${layer} (${kind}) is the first on the way back that is not finite.`,
    loss: `All outputs and gradients are finite; the loss of the outputs of ${layer} (${kind}) is too large for a number.`,
  }[what]
  return new AppError(error.kind, `${error.message} ${subject}`, {
    fix: adviceFor(config),
    params: { ...error.params, layer, culprit: what, ...(weight === null ? {} : { weight }) },
    cause: error,
  })
}

function adviceFor(config: RunConfig): string {
  const more = [
    ...(config.clip_norm === null ? ['clip the gradients'] : []),
    ...(config.warmup_steps === 0 ? ['warm the rate up'] : []),
  ]
  const rest = more.length > 0 ? `, or ${more.join(', or ')}` : ''
  return `Try a lower learning rate; ${config.learning_rate} may be too high${rest}.`
}

/** Shows that the program lives. */
function breathe(emit: Emit): Promise<void> {
  emit({ type: 'heartbeat' })
  return new Promise((resolve) => void setImmediate(resolve))
}
