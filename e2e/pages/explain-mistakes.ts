import { expect, type Locator, type Page } from '@playwright/test'
import { Workbench } from './workbench'

/** “Why this answer” and “Mistakes” of the Inside screen. */
export class ExplainMistakes {
  readonly bars: Locator
  readonly verdict: Locator
  readonly facts: Locator
  readonly matrix: Locator
  readonly wall: Locator

  constructor(readonly page: Page) {
    this.bars = page.getByTestId('class-bar')
    this.verdict = page.getByTestId('verdict')
    this.facts = page.getByTestId('mistakes-facts')
    this.matrix = page.getByRole('table', { name: 'Confusion matrix' })
    this.wall = page.getByTestId('picture-wall')
  }

  async open(view: 'Why this answer' | 'Mistakes'): Promise<void> {
    await new Workbench(this.page).go('Inside')
    await this.choose('View', view)
  }

  async choose(group: string, item: string): Promise<void> {
    await this.page.getByRole('group', { name: group, exact: true }).getByText(item, { exact: true }).click()
  }

  /** The probabilities as they are written, in percent. */
  async probabilities(): Promise<number[]> {
    const texts = await this.bars.allInnerTexts()
    return texts.map((text) => parseFloat(/([\d.]+)%/.exec(text)?.[1] ?? 'NaN'))
  }

  map(method: 'gradCam' | 'saliency' | 'integratedGradients' | 'occlusion'): Locator {
    return this.page.getByTestId(`map-${method}`)
  }

  /** The largest magnitude of a map; NaN until it is there. */
  async largest(method: Parameters<ExplainMistakes['map']>[0]): Promise<number> {
    const name = await this.map(method).locator('canvas').getAttribute('aria-label')
    return parseFloat(/Largest magnitude ([\d.e−]+)/.exec(name ?? '')?.[1]?.replace('−', '-') ?? 'NaN')
  }

  /** Sum of the integrated gradients, and the logits' difference. */
  async completeness(): Promise<readonly [number, number]> {
    const texts = await this.page.getByTestId('completeness').locator('dd').allInnerTexts()
    const [sum = NaN, difference = NaN] = texts.map((text) => Number(text.replace('−', '-')))
    return [sum, difference]
  }

  /** Share of right answers in percent; NaN while there are none. */
  async accuracy(): Promise<number> {
    if ((await this.facts.count()) === 0) return NaN
    return parseFloat(await this.facts.innerText())
  }

  cell(label: number, predicted: number): Locator {
    return this.page.locator(`[data-cell="${label}-${predicted}"]`)
  }

  /** All counts of the matrix, row by row. */
  async counts(): Promise<number[]> {
    const cells = await this.page.locator('[data-cell]').all()
    return Promise.all(cells.map(async (cell) => Number(await cell.getAttribute('data-count'))))
  }

  async expectReady(): Promise<void> {
    await expect(this.facts).toBeVisible({ timeout: 60_000 })
    await expect(this.page.getByRole('progressbar', { name: 'Asking about every picture…' })).toBeHidden({
      timeout: 60_000,
    })
  }
}
