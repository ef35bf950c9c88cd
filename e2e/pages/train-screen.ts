import { expect, type Locator, type Page } from '@playwright/test'
import { pointsOf } from './chart'

export interface ShortRun {
  readonly epochs: number
  /** Uses only so many pictures. */
  readonly limit: number
}

/** Setting up a run, and watching it. */
export class TrainScreen {
  readonly start: Locator
  readonly graph: Locator
  readonly samples: Locator
  readonly kernels: Locator

  constructor(readonly page: Page) {
    this.start = page.getByTestId('train-button')
    this.graph = page.getByRole('group', { name: 'Network graph' })
    this.samples = page.getByTestId('data-strip').getByRole('button')
    this.kernels = page.getByTestId('kernels-live')
  }

  async set(field: string, value: number): Promise<void> {
    await this.page.getByRole('textbox', { name: field, exact: true }).fill(String(value))
  }

  async setUp({ epochs, limit }: ShortRun): Promise<void> {
    await this.set('Epochs', epochs)
    await this.page.getByRole('button', { name: 'Advanced' }).click()
    await this.page.getByRole('switch', { name: 'Use only some pictures' }).click()
    await this.set('Pictures', limit)
  }

  async train(run: ShortRun): Promise<void> {
    await this.setUp(run)
    await this.start.click()
  }

  async showSetUp(): Promise<void> {
    await this.page.getByRole('button', { name: 'New run' }).click()
  }

  /** How many points a chart shows by now. */
  points(chart: string): Promise<number> {
    return pointsOf(this.page, chart)
  }

  async expectPoints(chart: string, atLeast: number): Promise<void> {
    await expect.poll(() => this.points(chart), { timeout: 60_000 }).toBeGreaterThanOrEqual(atLeast)
  }
}
