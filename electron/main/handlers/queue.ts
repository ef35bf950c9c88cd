import { AppError } from '../../../shared/errors'
import type { queueCalls } from '../../../shared/ipc/queue-calls'
import type { Handlers } from '../ipc/serve'
import type { RunQueue } from '../runs/queue'

export function queueHandlers(queue: RunQueue): Pick<Handlers, keyof typeof queueCalls> {
  return {
    'queue.get': () => queue.state(),
    'queue.add'(request) {
      const [added] = queue.add([request])
      if (!added) throw new AppError('internal', 'The run was not added to the queue.')
      return added
    },
    'queue.move': ({ id, to }) => queue.move(id, to),
    'queue.configure': ({ id, config }) => queue.configure(id, config),
    'queue.remove': ({ ids }) => queue.remove(ids),
    'queue.pause': () => queue.pause(),
    'queue.resume': () => queue.resume(),
  }
}
