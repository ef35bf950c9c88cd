import { createEagerEngine } from '../../electron/trainer/engines/eager/engine'
import type { Engine } from '../../electron/trainer/engines/engine'
import { createTensorflowEngine } from '../../electron/trainer/engines/tensorflow/engine'

/** Every engine; all tests of this folder run on each. */
export const engines: readonly { readonly name: string; create(): Promise<Engine> }[] = [
  { name: 'eager', create: () => createEagerEngine(null) },
  { name: 'tensorflow', create: createTensorflowEngine },
]
