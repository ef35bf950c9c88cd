import { computed } from 'vue'
import { t } from '../../i18n/text'
import { useDatasets } from '../../stores/datasets'
import { useNetwork } from '../../stores/network'
import { useRuns } from '../../stores/runs'
import { useShell } from '../../stores/shell'
import { problemText } from '../designer/problem-list'
import { useTrainingForm } from '../../stores/training-form'

/** Starting a run from what is set up, and why it cannot start. */
export function useTraining() {
  const runs = useRuns()
  const network = useNetwork()
  const form = useTrainingForm()
  const datasets = useDatasets()
  const shell = useShell()

  /** Empty when a run can start. */
  const hindrance = computed(() => {
    if (runs.active) return t('train.busy')
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
    if (await runs.start(network.document, form.config)) shell.showTrain('live')
  }

  return { hindrance, ready, start }
}
