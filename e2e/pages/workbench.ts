import { expect, type Locator, type Page } from '@playwright/test'

/** The window's frame: the rail, the bar of the run in progress, what is told across screens. */
export class Workbench {
  readonly inspector: Locator
  readonly runBar: Locator
  readonly alerts: Locator

  constructor(readonly page: Page) {
    this.inspector = page.getByRole('complementary', { name: 'Inspector' })
    this.runBar = page.getByTestId('run-bar')
    this.alerts = page.getByRole('alert')
  }

  async go(screen: string): Promise<void> {
    await this.page.getByRole('navigation').getByRole('button', { name: screen, exact: true }).click()
  }

  /** Chooses in the menu of appearance and language, under the names of the language that is shown. */
  async prefer(group: string, choice: string): Promise<void> {
    await this.page.getByRole('navigation').locator('[aria-haspopup="menu"]').click()
    await this.page
      .getByRole('group', { name: group })
      .getByRole('menuitemradio', { name: choice, exact: true })
      .click()
    await expect(this.page.getByRole('menu')).toBeHidden()
  }

  async expectRunState(state: string): Promise<void> {
    await expect(this.runBar.getByText(state, { exact: true })).toBeVisible()
  }

  async expectNothingTrains(): Promise<void> {
    await expect(this.runBar).toBeHidden()
  }

  pressRunBar(name: 'Pause' | 'Resume' | 'Stop'): Promise<void> {
    return this.runBar.getByRole('button', { name, exact: true }).click()
  }
}
