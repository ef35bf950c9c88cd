import { computed } from 'vue'
import type { NetworkDocument } from '../../../shared/network/document'
import type { RunConfig } from '../../../shared/training/config'
import { integer } from '../../i18n/format'
import { t, tn } from '../../i18n/text'
import { useDatasets } from '../../stores/datasets'
import { useNetwork } from '../../stores/network'
import { useQueue } from '../../stores/queue'
import { useRuns } from '../../stores/runs'
import { useShell } from '../../stores/shell'
import { useToasts } from '../../stores/toasts'
import { problemText } from '../designer/problem-list'
import { useStartingWeights } from '../../stores/starting-weights'
import { useTrainingForm } from '../../stores/training-form'

/** Starting a run from what is set up, or having it wait its turn, and why it cannot start. */
export function useTraining() {
  const runs = useRuns()
  const queue = useQueue()
  const toasts = useToasts()
  const network = useNetwork()
  const form = useTrainingForm()
  const datasets = useDatasets()
  const shell = useShell()
  const startingWeights = useStartingWeights()

  /** Another run is going on, so that the next one goes into the queue. */
  const waits = computed(() => runs.active !== null)
  /** Empty when a run can start. */
  const hindrance = computed(() => {
    const problem = network.problems[0]
    if (problem) return t('network.problem', { id: problem.layerId, message: problemText(problem) })
    const data = datasets.byId.get(form.draft.dataset)
    if (data?.problem) return t('data.unreadable', { title: data.info.title })
    return form.valid ? '' : t('train.invalid')
  })
  const ready = computed(
    () => hindrance.value === '' && !runs.starting && network.document !== null && datasets.status === 'ready',
  )

  async function start(): Promise<void> {
    if (!ready.value || !network.document || !form.config) return
    await begin(network.document, form.config)
  }

  /** Tells what the weights of a file are worth: a run of no epochs. */
  async function evaluate(): Promise<void> {
    if (ready.value && network.document && form.config) await begin(network.document, { ...form.config, epochs: 0 })
  }

  async function begin(document: NetworkDocument, config: RunConfig): Promise<void> {
    const weights = startingWeights.bytes()
    if (waits.value) await add(document, config, weights)
    else if (await runs.start(document, config, weights)) shell.showTrain('live')
  }

  async function add(
    document: NetworkDocument,
    config: RunConfig,
    weights: Uint8Array<ArrayBuffer> | null,
  ): Promise<void> {
    const before = queue.waiting.length
    const run = await queue.add(document, config, weights)
    if (!run) return
    const detail = queue.held ? t('queue.addedHeld') : tn('queue.addedDetail', before + 1, { n: integer(before + 1) })
    toasts.inform(t('queue.added', { name: run.name }), detail)
  }

  return { hindrance, ready, waits, start, evaluate }
}
