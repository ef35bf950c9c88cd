import { expect, type Locator, type Page } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Desk } from '../fixtures/app'

export type Metric = 'trainLoss' | 'validationLoss' | 'validationAccuracy' | 'learningRate'

const titles: Readonly<Record<Metric, string>> = {
  trainLoss: 'Training loss',
  validationLoss: 'Validation loss',
  validationAccuracy: 'Validation accuracy',
  learningRate: 'Learning rate',
}

/** Several runs over each other. */
export class CompareView {
  readonly view: Locator
  readonly legend: Locator
  /** The values at the place under the pointer. */
  readonly values: Locator

  constructor(readonly page: Page) {
    this.view = page.getByTestId('compare')
    this.legend = this.view.getByRole('list', { name: 'Selected runs' })
    this.values = page.getByTestId('hover-values')
  }

  card(metric: Metric): Locator {
    return this.page.getByTestId(`overlay-${metric}`)
  }

  /** By which the keyboard reads a chart. */
  reader(metric: Metric): Locator {
    return this.card(metric).getByRole('slider')
  }

  /** What a chart shows of its horizontal axis. */
  async shown(metric: Metric): Promise<readonly [number, number]> {
    const [low, high] = await Promise.all(
      ['aria-valuemin', 'aria-valuemax'].map((name) => this.reader(metric).getAttribute(name)),
    )
    return [Number(low), Number(high)]
  }

  /** Waits until a chart shows this stretch, but for a pixel or two. */
  async expectShown(metric: Metric, [low, high]: readonly [number, number]): Promise<void> {
    await expect
      .poll(async () => {
        const [from, to] = await this.shown(metric)
        return Math.max(Math.abs(from - low), Math.abs(to - high)) / (high - low)
      })
      .toBeLessThan(5e-3)
  }

  async align(axis: 'Step' | 'Epoch' | 'Time'): Promise<void> {
    await this.view.getByRole('button', { name: axis, exact: true }).click()
  }

  entry(run: string): Locator {
    return this.legend.getByRole('button', { name: run })
  }

  /** Moves the pointer over a chart, to shares of its plot from the left and from the top; gives the place in the window. */
  async point(metric: Metric, across: number, down = 0.5): Promise<void> {
    const box = await this.reader(metric).boundingBox()
    if (!box) throw new Error(`no chart of ${metric}`)
    await this.page.mouse.move(box.x + across * box.width, box.y + down * box.height, { steps: 4 })
  }

  /** Zooms with the mouse, from one share of the width to another. */
  async drag(metric: Metric, from: number, to: number): Promise<void> {
    await this.point(metric, from)
    await this.page.mouse.down()
    await this.point(metric, to)
    await this.page.mouse.up()
  }

  /** Saves a chart and gives the file. */
  async save(desk: Desk, metric: Metric, kind: 'PNG' | 'SVG' | 'CSV'): Promise<Buffer> {
    const target = join(desk.home, `${metric}-${Math.random()}.${kind.toLowerCase()}`)
    await desk.answer({ save: target })
    await this.card(metric)
      .getByRole('button', { name: `Save “${titles[metric]}”` })
      .click()
    await this.page.getByRole('menuitem', { name: `(${kind})` }).click()
    await expect.poll(() => read(target)?.length ?? 0).toBeGreaterThan(0)
    await expect(this.page.getByText(target)).toBeVisible()
    return readFileSync(target)
  }

  /** The rows of a saved table by their columns' names. */
  async numbers(desk: Desk, metric: Metric): Promise<Record<string, string>[]> {
    const [head = '', ...lines] = (await this.save(desk, metric, 'CSV')).toString('utf8').trim().split('\n')
    const names = head.split(',')
    return lines.map((line) => Object.fromEntries(line.split(',').map((cell, at) => [names[at] ?? '', cell])))
  }
}

function read(file: string): Buffer | null {
  try {
    return readFileSync(file)
  } catch {
    return null
  }
}
