import type { EngineChoice } from '../../shared/training/config'
import { chooseEngine } from '../trainer/engine-choice'
import type { Engine } from '../trainer/engines/engine'
import { withQuietStderr } from './quiet-stderr'

/** What the person set, not what this program sets for itself. */
const askedLogLevel = process.env.TF_CPP_MIN_LOG_LEVEL

/** As chooseEngine, without TensorFlow's greeting. Rejects with `engine-missing`. */
export function startEngine(choice: EngineChoice): Promise<Engine> {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'
  return withQuietStderr(() => chooseEngine(choice), askedLogLevel)
}
