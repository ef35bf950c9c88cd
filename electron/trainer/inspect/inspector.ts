import { AppError, toWire } from '../../../shared/errors'
import type { LabelledImages, Split } from '../../../shared/data/dataset'
import type { NamedTensors } from '../../../shared/formats/tensors'
import type { InspectAnswer } from '../../../shared/inspect/answers'
import type { InspectorCommand, InspectorEvent, LookCommand } from '../../../shared/inspect/messages'
import { requireSound } from '../../../shared/network/analyze'
import type { EngineChoice } from '../../../shared/training/config'
import { loadSplit } from '../../data/datasets'
import { chooseEngine } from '../engine-choice'
import type { Engine } from '../engines/engine'
import { isShort, look, weightsFor } from './answer'
import type { Lens, Looking, Step } from './lens'
import { createProgress } from './progress'
import { createWeightsShelf } from './weights-shelf'

type Ask = Extract<InspectorCommand, { type: 'ask' }>

export interface Inspector {
  take(command: Exclude<InspectorCommand, { type: 'look' | 'connect' }>): void
}

export interface InspectorOptions {
  readonly startEngine?: (choice: EngineChoice) => Promise<Engine>
  readonly load?: typeof loadSplit
  readonly milliseconds?: () => number
  readonly patience?: number
}

/** Questions that may wait; a window that asks for more gets the oldest of a kind refused. */
const mostWaiting = 32

/** How long a question waits for weights that are on their way from a training. */
const patienceMs = 15_000

/** A long question at work. */
interface Current {
  readonly ask: Ask
  readonly weights: NamedTensors
  readonly looking: Looking<InspectAnswer>
  readonly tell: (step: Step) => void
}

/**
 * Answers questions about one network, one at a time. Long ones are worked on in slices, between which messages come in and
 * short questions are answered. Never throws: each question is answered or refused.
 */
export function createInspector(
  command: LookCommand,
  say: (event: InspectorEvent) => void,
  options: InspectorOptions = {},
): Inspector {
  const {
    startEngine = chooseEngine,
    load = loadSplit,
    milliseconds = () => performance.now(),
    patience = patienceMs,
  } = options
  const network = requireSound(command.document)
  const shelf = createWeightsShelf(network, command.config)
  const splits = new Map<Split, LabelledImages>()
  const waiting: Ask[] = []
  let current: Current | null = null
  let lens: Lens | null = null
  let held: NamedTensors | null = null
  let problem: { readonly error: unknown } | null = null
  let turning = false

  void begin()

  async function begin(): Promise<void> {
    try {
      const engine = await startEngine(command.config.engine)
      const probe = await engine.probe(network)
      lens = { network, probe, weights: new Map(), images }
    } catch (error) {
      problem = { error }
    }
    turn()
  }

  function images(split: Split) {
    const { dataset } = command.config
    const found = splits.get(split) ?? load(dataset, split, command.dataFolder ?? undefined)
    splits.set(split, found)
    return found
  }

  /** The lens with these weights in it. */
  function through(weights: NamedTensors): Lens {
    if (!lens) throw new AppError('internal', 'the network was not ready')
    if (held !== weights) lens.probe.setWeights(weights)
    held = weights
    return { ...lens, weights }
  }

  function refuse({ request }: Ask, error: unknown): void {
    say({ type: 'refused', request, error: toWire(error) })
  }

  function enqueue(ask: Ask): void {
    waiting.push(ask)
    if (waiting.length > mostWaiting) {
      const oldest = waiting.find(({ query }) => query.type === ask.query.type) ?? ask
      drop(oldest.request, new AppError('busy', 'Too many questions wait for an answer.', { fix: 'Ask again.' }))
    }
    if (!shelf.find(ask.weights)) setTimeout(() => loseWeights(ask), patience)
    turn()
  }

  function loseWeights(ask: Ask): void {
    if (shelf.find(ask.weights)) return
    drop(ask.request, new AppError('internal', 'The weights of the training did not arrive.', { fix: 'Ask again.' }))
  }

  /** Refuses a question that waits. */
  function drop(request: string, error: AppError): void {
    const at = waiting.findIndex((ask) => ask.request === request)
    const [dropped] = at < 0 ? [] : waiting.splice(at, 1)
    if (dropped) refuse(dropped, error)
  }

  function cancel(request: string): void {
    drop(request, cancelled())
    if (current?.ask.request !== request) return
    refuse(current.ask, cancelled())
    current = null
  }

  /** Works on after messages had their chance to come in. */
  function turn(): void {
    if (turning || (!lens && !problem)) return
    if (!current && !waiting.some(isReady)) return
    turning = true
    setImmediate(() => {
      turning = false
      work()
      turn()
    })
  }

  function isReady(ask: Ask): boolean {
    return shelf.find(ask.weights) !== null
  }

  function work(): void {
    const short = waiting.find((ask) => isShort(ask.query) && isReady(ask))
    if (short) start(short)
    else if (current) advance(current)
    else start(waiting.find(isReady))
  }

  function start(ask: Ask | undefined): void {
    const source = ask && shelf.find(ask.weights)
    if (!source) return
    waiting.splice(waiting.indexOf(ask), 1)
    if (problem) {
      refuse(ask, problem.error)
      return
    }
    try {
      const weights = weightsFor(network, source(), ask.query)
      const looking = look(through(weights), ask.query)
      const begun = { ask, weights, looking, tell: createProgress(ask, say, milliseconds) }
      if (isShort(ask.query)) finish(begun)
      else current = begun
    } catch (error) {
      refuse(ask, error)
    }
  }

  function finish({ ask, looking }: Current): void {
    let result = looking.next()
    while (!result.done) result = looking.next()
    say({ type: 'answered', request: ask.request, answer: result.value })
  }

  function advance(job: Current): void {
    try {
      through(job.weights)
      const result = job.looking.next()
      if (!result.done) {
        job.tell(result.value)
        return
      }
      current = null
      say({ type: 'answered', request: job.ask.request, answer: result.value })
    } catch (error) {
      current = null
      refuse(job.ask, error)
    }
  }

  return {
    take(told) {
      if (told.type === 'ask') enqueue(told)
      else if (told.type === 'cancel') cancel(told.request)
      else {
        shelf.put(told)
        turn()
      }
    },
  }
}

function cancelled(): AppError {
  return new AppError('cancelled', 'The question was cancelled.')
}
