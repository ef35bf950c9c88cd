import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openStorage } from '../../electron/main/db/open'
import { createRunCurves } from '../../electron/main/runs/run-curves'
import { createRunRecorder } from '../../electron/main/runs/run-recorder'
import type { SeriesQuery } from '../../shared/ipc/organize-calls'
import { generateRuns } from './generate'
import { measureWindow } from './window'

// How fast many runs are listed and drawn: npm run bench -- --runs.

const { values } = parseArgs({
  options: {
    runs: { type: 'boolean' },
    count: { type: 'string', default: '1000' },
    steps: { type: 'string', default: '10000' },
    /** The folder of the app, built; without a display only main is measured. */
    app: { type: 'string', default: process.cwd() },
    /** A folder that keeps the generated runs for the next time. */
    home: { type: 'string' },
  },
})

async function main(): Promise<void> {
  const home = values.home ?? mkdtempSync(join(tmpdir(), 'convscope-bench-'))
  try {
    if (!existsSync(join(home, 'convscope.sqlite'))) {
      await timed('generating', () => generateRuns(home, Number(values.count), Number(values.steps)))
    }
    console.log(`${values.count} runs of ${values.steps} steps, ${cpus().length} × ${cpus()[0]?.model ?? ''}`)
    await measureMain(home)
    if (process.env['DISPLAY'] === undefined && process.platform === 'linux') return
    const { list, chart } = await measureWindow(home, values.app)
    tell('window: from a press to the list of runs', list)
    tell('window: from a press to the curves of all runs', chart)
  } finally {
    if (values.home === undefined) rmSync(home, { recursive: true, force: true })
  }
}

async function measureMain(home: string): Promise<void> {
  const storage = openStorage(home)
  const log = (message: string) => console.log(message)
  const recorder = createRunRecorder(storage, { appVersion: 'bench', notify: () => undefined, log })
  const curves = createRunCurves(storage, recorder, log)
  const megabytes = () => (statSync(join(home, 'convscope.sqlite')).size / 2 ** 20).toFixed(0)
  console.log(`database before packing: ${megabytes()} MiB`)
  await timed('packing all curves, in the background', () => curves.packAll())
  console.log(`database after packing: ${megabytes()} MiB`)
  await repeated('main: list of runs', () => recorder.list())
  const ids = recorder.list().map(({ id }) => id)
  const chart = (part: Partial<SeriesQuery>): SeriesQuery => ({
    ids,
    metric: 'trainLoss',
    axis: 'step',
    range: null,
    columns: Math.max(24, Math.round(40_000 / ids.length)),
    smoothing: 0,
    raw: false,
    ...part,
  })
  // A new reader each time: as after a start.
  await repeated('main: loss of all runs, first time', async () => {
    const fresh = createRunCurves(storage, recorder, log)
    await fresh.series(chart({}))
    fresh.stop()
  })
  await curves.series(chart({}))
  await repeated('main: loss of all runs, again', () => curves.series(chart({})))
  await repeated('main: loss of all runs, smoothed, by time', () =>
    curves.series(chart({ smoothing: 0.9, axis: 'time' })),
  )
  await repeated('main: validation accuracy of all runs', () => curves.series(chart({ metric: 'validationAccuracy' })))
  await repeated('main: loss of ten runs', () =>
    curves.series(chart({ ids: ids.slice(0, 10), columns: 800, smoothing: 0.9, raw: true })),
  )
  curves.stop()
  storage.close()
}

async function timed(name: string, work: () => unknown): Promise<void> {
  const began = performance.now()
  await work()
  console.log(`${name}: ${((performance.now() - began) / 1000).toFixed(1)} s`)
}

async function repeated(name: string, work: () => unknown): Promise<void> {
  const samples: number[] = []
  for (let i = 0; i < 11; i++) {
    const began = performance.now()
    await work()
    samples.push(performance.now() - began)
  }
  tell(name, samples)
}

function tell(name: string, samples: readonly number[]): void {
  const sorted = [...samples].sort((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)] ?? NaN
  console.log(`${name}: median ${middle.toFixed(1)} ms, longest ${(sorted.at(-1) ?? NaN).toFixed(1)} ms`)
}

await main()
