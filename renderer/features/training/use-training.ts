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
    if (waits.value) await add(network.document, form.config)
    else if (await runs.start(network.document, form.config)) shell.showTrain('live')
  }

  async function add(document: NetworkDocument, config: RunConfig): Promise<void> {
    const before = queue.waiting.length
    const run = await queue.add(document, config)
    if (!run) return
    const detail = queue.held ? t('queue.addedHeld') : tn('queue.addedDetail', before + 1, { n: integer(before + 1) })
    toasts.inform(t('queue.added', { name: run.name }), detail)
  }

  return { hindrance, ready, waits, start }
}
