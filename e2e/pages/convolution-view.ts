import { expect, type Locator, type Page } from '@playwright/test'
import { Workbench } from './workbench'

/** A convolution taken apart. */
export class ConvolutionView {
  readonly position: Locator
  readonly result: Locator
  readonly sum: Locator
  readonly rule: Locator
  readonly gradientSum: Locator
  readonly scrubber: Locator

  constructor(readonly page: Page) {
    this.position = page.getByTestId('convolution-position')
    this.result = page.getByTestId('convolution-result')
    this.sum = page.getByTestId('sum-line')
    this.rule = page.getByTestId('convolution-rule')
    this.gradientSum = page.getByTestId('gradient-sum')
    this.scrubber = page.getByRole('slider', { name: 'Output', exact: true })
  }

  async open(): Promise<void> {
    await new Workbench(this.page).go('Inside')
    await expect(this.page.getByRole('group', { name: 'Playback' })).toBeVisible()
  }

  press(name: string): Promise<void> {
    return this.page.getByRole('button', { name, exact: true }).click()
  }

  choose(group: 'Which convolution' | 'Way of looking' | 'Which outputs pass their gradient on', item: string) {
    return this.page.getByRole('group', { name: group, exact: true }).getByText(item, { exact: true }).click()
  }

  grid(name: string): Locator {
    return this.page.getByRole('grid', { name, exact: true })
  }

  /** The numbers of a grid, row by row, padding included; minus signs are `-`. */
  async numbers(name: string): Promise<number[]> {
    const texts = await this.grid(name).getByRole('gridcell').allInnerTexts()
    return texts.map((text) => Number(text.replace('−', '-')))
  }

  cell(name: string, row: number, column: number): Locator {
    return this.grid(name).locator(`[data-row="${row}"][data-column="${column}"]`)
  }

  async edit(name: string, row: number, column: number, value: string): Promise<void> {
    await this.cell(name, row, column).dblclick()
    await this.page.getByRole('textbox', { name: 'New value' }).fill(value)
    await this.page.keyboard.press('Enter')
  }

  async expectNumbers(name: string, numbers: readonly number[]): Promise<void> {
    await expect.poll(() => this.numbers(name)).toEqual(numbers)
  }
}
