import { join } from 'node:path'
import { cachedFolder } from '../scripts/setup/cache.mjs'
import { pins } from '../scripts/setup/pins.mjs'
import { Progress } from '../scripts/setup/progress.mjs'
import { pythonIn } from '../scripts/setup/python/environment.mjs'
import { requireInterpreter } from '../scripts/setup/python/interpreter.mjs'
import { pip } from '../scripts/setup/python/pip.mjs'
import { orAdvise, run } from '../scripts/setup/run.mjs'

/** The Python of an environment in the cache with TensorFlow, which reads profiles; made when first asked for. */
export async function tensorflowPython() {
  const { spec, version } = pins.tensorflow
  const folder = await cachedFolder(join('python', `tensorflow-${version}`), async (partial) => {
    const progress = new Progress()
    progress.part('profile')
    const { path } = await requireInterpreter(progress)
    await run(path, ['-m', 'venv', partial])
    const text = `install ${spec} (600 MB)`
    progress.step(text)
    const began = Date.now()
    await orAdvise(
      `pip could not ${text}`,
      'Check the network and the index setting (python3 -m pip config list), then run the command again.',
      () => pip(pythonIn(partial), ['install', spec], { onTick: () => progress.elapsed(text, began) }),
    )
  })
  return pythonIn(folder)
}
