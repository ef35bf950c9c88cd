import type { Locator, Page } from '@playwright/test'

/** The dialog in which a network of another program becomes a design. */
export class ImportDialog {
  readonly element: Locator
  readonly text: Locator
  readonly preview: Locator
  readonly choose: Locator
  readonly import: Locator

  constructor(readonly page: Page) {
    this.element = page.getByRole('dialog', { name: 'Import a network' })
    this.text = this.element.getByRole('textbox', { name: 'Text of the network' })
    this.preview = this.element.getByRole('region', { name: 'What becomes of it' })
    this.choose = this.element.getByRole('button', { name: 'Choose a file…' })
    this.import = this.element.getByRole('button', { name: 'Import', exact: true })
  }

  /** A part of the report. */
  group(name: string): Locator {
    return this.element.locator('details').filter({ hasText: name })
  }

  /** Drops a file of this name on the window. */
  async drop(name: string, content: string): Promise<void> {
    await this.page.evaluate(
      ([file = '', text = '']) => {
        const dataTransfer = new DataTransfer()
        dataTransfer.items.add(new File([text], file))
        window.dispatchEvent(new DragEvent('drop', { dataTransfer, cancelable: true }))
      },
      [name, content],
    )
  }
}
