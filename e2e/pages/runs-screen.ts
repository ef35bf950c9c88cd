import type { Locator, Page } from '@playwright/test'
import { pointsOf } from './chart'

/** Past runs. */
export class RunsScreen {
  readonly rows: Locator

  constructor(readonly page: Page) {
    this.rows = page.getByRole('table', { name: 'Past runs' }).locator('tbody').getByRole('row')
  }

  points(chart: string): Promise<number> {
    return pointsOf(this.page, chart)
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
