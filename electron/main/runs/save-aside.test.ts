import { readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { planSchema } from '../../../shared/experiments/plan'
import { mergeAside, openAside } from '../db/aside'
import { openStorage } from '../db/open'
import { createExperimentsRepository } from '../db/repositories/experiments'
import { createRunsRepository } from '../db/repositories/runs'
import { config, smallNetwork, temporaryHome } from '../testing/fixtures'
import { beginLiveRun } from './live-run'
import { saveAside } from './save-aside'

const plan = planSchema.parse({
  format: 'convscope.experiment',
  version: 1,
  name: 'Repeats',
  document: smallNetwork,
  config: config(),
  parameters: [],
})

test.each(['stored', 'aside'])('runs of an experiment that is %s come home with it', (where) => {
  const home = temporaryHome()
  const storage = openStorage(home)
  onTestFinished(() => storage.close())
  const aside = openAside(home)
  const experiment = { id: 'sweep', name: 'Repeats', plan, trials: [], createdAt: 1 }
  createExperimentsRepository(where === 'stored' ? storage.db : aside.db).insert(experiment)
  saveAside(
    aside,
    [beginLiveRun('run', { document: smallNetwork, config: config(), experiment: 'sweep' }, 1)],
    '1',
    's',
  )
  aside.close()
  // As if the program that wrote it had ended.
  const [name = ''] = readdirSync(home).filter((file) => /^convscope-aside.*sqlite$/.test(file))
  renameSync(join(home, name), join(home, name.replace(/aside-\d+/, 'aside-99999999')))
  mergeAside(storage, (message) => expect(message).toContain('took in'))
  expect(createRunsRepository(storage.db).get('run')?.summary.experiment).toBe('sweep')
  expect(createExperimentsRepository(storage.db).list()).toEqual([experiment])
})
