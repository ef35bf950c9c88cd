import type { Locator, Page } from '@playwright/test'

/** The box in which a run is exported. */
export class ExportDialog {
  readonly proof: Locator
  readonly past: Locator

  constructor(readonly page: Page) {
    const box = page.getByRole('dialog', { name: /^Export:/ })
    this.proof = box.getByTestId('export-proof')
    this.past = box.getByRole('table').locator('tbody').getByRole('row')
  }

  async open(): Promise<void> {
    await this.page.getByRole('button', { name: 'Export…' }).click()
  }

  /** `format` as its card says. */
  async choose(format: string): Promise<void> {
    await this.page.getByRole('radio', { name: new RegExp(`^${format.replace('.', '\\.')}`) }).click()
  }

  async exportAs(format: string): Promise<void> {
    await this.choose(format)
    await this.page
      .getByRole('button', { name: /^Export(…| another)$/ })
      .last()
      .click()
  }
}
