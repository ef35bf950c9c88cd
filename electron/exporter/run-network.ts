import type { NamedTensors } from '../../shared/formats/tensors'
import type { SoundNetwork } from '../../shared/network/analyze'
import { runConfigSchema, type EngineChoice } from '../../shared/training/config'
import { chooseEngine } from '../trainer/engine-choice'
import type { CompiledNetwork } from '../trainer/engines/engine'

export interface RunningNetwork {
  /** Such as `TensorFlow 2.21.0`. */
  readonly engine: string
  run(pictures: Float32Array, count: number): Float32Array
  close(): void
}

/** The app's own network, for comparison. Where TensorFlow is missing, `tensorflow` is served by plain JavaScript. */
export async function openNetwork(
  network: SoundNetwork,
  weights: NamedTensors,
  choice: Exclude<EngineChoice, 'tensorflow'>,
): Promise<RunningNetwork> {
  const engine = await chooseEngine(choice)
  const { loss, optimizer } = runConfigSchema.parse({})
  const compiled: CompiledNetwork = await engine.compile({ network, loss, optimizer, data: null })
  compiled.setWeights(weights)
  return {
    engine: engine.report.version,
    run: (pictures, count) => compiled.predict(pictures, count),
    close: () => compiled.dispose(),
  }
}
