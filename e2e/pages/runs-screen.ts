import type { Locator, Page } from '@playwright/test'
import { pointsOf } from './chart'

/** Past runs. */
export class RunsScreen {
  readonly rows: Locator
  readonly search: Locator
  /** What is below the list while several runs are selected. */
  readonly compare: Locator

  constructor(readonly page: Page) {
    this.search = page.getByRole('searchbox', { name: 'Filter runs' })
    this.compare = page.getByTestId('compare')
    this.rows = page.getByRole('table', { name: 'Past runs' }).locator('tbody').getByRole('row')
  }

  row(name: string): Locator {
    return this.rows.filter({ hasText: name })
  }

  /** The chart of one metric of all selected runs. */
  overlay(metric: string): Locator {
    return this.page.getByTestId(`overlay-${metric}`).getByRole('img')
  }

  points(chart: string): Promise<number> {
    return pointsOf(this.page, chart)
  }

  /** What main has stored of each run, the latest first. */
  stored(): Promise<{ state: string; epochs: number; seed: number; lastEpoch: number | null }[]> {
    return this.page.evaluate(async () => {
      const list = await window.convscope.call('runs.list', undefined)
      if (!list.ok) throw new Error(list.error.message)
      return [...list.value]
        .sort((a, b) => b.createdAt - a.createdAt)
        .map(({ state, config, lastEpoch }) => ({
          state: state.type,
          epochs: config.epochs,
          seed: config.seed,
          lastEpoch: lastEpoch?.epoch ?? null,
        }))
    })
  }

  /** The layers of the network that each run trained, the latest run first, as main has stored them. */
  trainedLayers(): Promise<string[][]> {
    return this.page.evaluate(async () => {
      const list = await window.convscope.call('runs.list', undefined)
      if (!list.ok) throw new Error(list.error.message)
      const latestFirst = [...list.value].sort((a, b) => b.createdAt - a.createdAt)
      const runs = await Promise.all(latestFirst.map(({ id }) => window.convscope.call('runs.get', { id })))
      return runs.map((run) => (run.ok ? run.value.document.layers.map(({ id }) => id) : []))
    })
  }
}
