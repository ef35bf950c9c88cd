import { expect, type Locator, type Page } from '@playwright/test'

/** The queue, experiments and the box in which one is made. */
export class ExperimentsScreen {
  readonly queued: Locator
  readonly dialog: Locator
  readonly rows: Locator
  readonly lines: Locator
  readonly experiment: Locator

  constructor(readonly page: Page) {
    this.queued = page.getByRole('list', { name: 'Runs that wait' }).getByRole('listitem')
    this.dialog = page.getByRole('dialog', { name: 'New experiment' })
    this.experiment = page.getByTestId('experiment')
    this.rows = page.getByRole('table', { name: 'Runs of the experiment' }).locator('tbody').getByRole('row')
    this.lines = page.getByTestId('parallel-plot').locator('path.line')
  }

  async vary(parameter: string, values: string): Promise<void> {
    await this.dialog.getByRole('combobox', { name: 'Find a parameter' }).fill(parameter)
    await this.page.keyboard.press('Enter')
    const group = this.dialog.getByRole('group', { name: parameter, exact: true })
    await group.getByRole('textbox', { name: 'Values' }).fill(values)
  }

  async begin(name: string): Promise<void> {
    await this.dialog.getByRole('textbox', { name: 'Name', exact: true }).fill(name)
    await this.dialog.getByRole('button', { name: 'Add the runs to the queue' }).click()
    await expect(this.dialog).toBeHidden()
  }

  async openBuilder(): Promise<void> {
    await this.page.getByRole('button', { name: 'New experiment' }).click()
    await expect(this.dialog).toBeVisible()
  }

  async open(name: string): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Queue and experiments' }).getByText(name, { exact: true }).click()
  }
}
