import type { InspectService } from '../inspect/inspect-service'
import type { Handlers } from '../ipc/serve'

type InspectCalls = 'inspect.moments' | 'inspect.ask' | 'inspect.cancel'

export function inspectHandlers(service: InspectService): Pick<Handlers, InspectCalls> {
  return {
    'inspect.moments': ({ id }) => service.moments(id),
    'inspect.ask': (asked) => service.ask(asked),
    'inspect.cancel': ({ request }) => void service.cancel(request),
  }
}
