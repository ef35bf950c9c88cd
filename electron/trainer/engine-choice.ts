import { toWire } from '../../shared/errors'
import type { EngineChoice } from '../../shared/training/config'
import type { Engine } from './engines/engine'

export interface EngineLoaders {
  tensorflow(): Promise<Engine>
  /** `notice` says why no faster engine was taken. */
  eager(notice: string | null): Promise<Engine>
}

// Loaded only when chosen: TensorFlow is 800 MB of libraries, and may be missing.
const ownLoaders: EngineLoaders = {
  async tensorflow() {
    const { createTensorflowEngine } = await import('./engines/tensorflow/engine')
    return createTensorflowEngine()
  },
  async eager(notice) {
    const { createEagerEngine } = await import('./engines/eager/engine')
    return createEagerEngine(notice)
  },
}

/**
 * Starts the engine that was asked for. `auto` takes TensorFlow, or where that does not start the eager engine, whose
 * report then says why. Rejects with `engine-missing` where TensorFlow was asked for by name.
 */
export async function chooseEngine(choice: EngineChoice, loaders: EngineLoaders = ownLoaders): Promise<Engine> {
  if (choice === 'tensorflow') return loaders.tensorflow()
  if (choice === 'eager') return loaders.eager(null)
  try {
    return await loaders.tensorflow()
  } catch (error) {
    const { message, fix } = toWire(error)
    return loaders.eager(`Training in plain JavaScript, which is slow: ${message} ${fix}`.trim())
  }
}
