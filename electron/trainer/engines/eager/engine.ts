import '@tensorflow/tfjs-backend-cpu'
import { enableProdMode, ready, setBackend, version_core } from '@tensorflow/tfjs-core'
import { AppError } from '../../../../shared/errors'
import type { Engine } from '../engine'
import { compileEager } from './compiled'
import { registerFastKernels } from './kernels/register'
import { openEagerProbe } from './probe'

const backend = 'cpu'

/** The portable engine: plain JavaScript, slow, the same numbers. `notice` says why no faster engine was taken. */
export async function createEagerEngine(notice: string | null): Promise<Engine> {
  // Otherwise tfjs advises on the terminal to install tfjs-node.
  enableProdMode()
  registerFastKernels()
  if (!(await setBackend(backend))) throw new AppError('engine-missing', 'The plain JavaScript engine cannot start.')
  await ready()
  return {
    report: { id: 'eager', version: `TensorFlow.js ${version_core}`, device: 'CPU', notice },
    compile: (job) => Promise.resolve(compileEager(job, backend)),
    probe: (network, seed) => Promise.resolve(openEagerProbe(network, backend, seed)),
  }
}
