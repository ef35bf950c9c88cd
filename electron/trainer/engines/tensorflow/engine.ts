import type { Engine } from '../engine'
import { loadBinding } from './binding'
import { compileNetwork } from './compiled-network'
import { openProbe } from './probe'

/** The fast engine: native TensorFlow. Rejects with `engine-missing` where it is not installed. */
export function createTensorflowEngine(): Promise<Engine> {
  return Promise.resolve().then(() => {
    const binding = loadBinding()
    return {
      report: {
        id: 'tensorflow',
        version: `TensorFlow ${binding.TF_Version}`,
        device: binding.isUsingGpuDevice() ? 'GPU' : 'CPU',
        notice: null,
      },
      compile: (job) => Promise.resolve().then(() => compileNetwork(binding, job)),
      probe: (network, seed) => Promise.resolve().then(() => openProbe(binding, network, seed)),
    }
  })
}
