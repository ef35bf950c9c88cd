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
}
