import { expect, type Locator, type Page } from '@playwright/test'
import type { Desk, StartOptions } from '../fixtures/app'
import { Workbench } from './workbench'

/** Starts the app and goes to the designer. */
export async function startDesigning(desk: Desk, options?: StartOptions): Promise<Page> {
  const page = await desk.start(options)
  await new Workbench(page).go('Design')
  return page
}

/** The designer: palette, canvas, problems, code. */
export class DesignScreen {
  readonly canvas: Locator
  readonly palette: Locator
  readonly search: Locator
  readonly problems: Locator
  readonly code: Locator
  readonly unsaved: Locator
  readonly train: Locator

  constructor(readonly page: Page) {
    this.canvas = page.getByRole('group', { name: 'Network canvas' })
    this.palette = page.getByRole('complementary', { name: 'Layers' })
    this.search = page.getByRole('combobox', { name: 'Find a layer' })
    this.problems = page.getByTestId('problem-count')
    this.code = page.getByRole('region', { name: 'Code' })
    this.unsaved = page.getByLabel('Changed since it was saved')
    this.train = page.getByRole('main').getByRole('button', { name: 'Train', exact: true })
  }

  layer(id: string): Locator {
    return this.page.locator(`[data-layer="${id}"]`).first()
  }

  /** By the keyboard alone: A, a name, Enter. */
  async append(name: string): Promise<void> {
    await this.page.keyboard.press('a')
    await expect(this.search).toBeFocused()
    await this.page.keyboard.type(name)
    await this.page.keyboard.press('Enter')
    // The new layer has the focus then.
    await expect(this.search).toHaveValue('')
    await expect(this.search).not.toBeFocused()
  }

  /** From the handle below a layer to an empty place of the canvas, which is so far below and to the right of it. */
  async drawConnection(from: string, across: number, down: number): Promise<void> {
    const node = this.page.locator('.vue-flow__node').filter({ has: this.page.locator(`[data-layer="${from}"]`) })
    await node.hover()
    const box = await node.locator('.vue-flow__handle.source').boundingBox()
    if (!box) throw new Error(`the handle of ${from} is not on the screen`)
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
    await this.page.mouse.move(x, y)
    await this.page.mouse.down()
    await this.page.mouse.move(x + across, y + down, { steps: 8 })
    await this.page.mouse.up()
  }

  /** By the keyboard and a click: C, then the layer that it enters. */
  async connect(from: string, to: string): Promise<void> {
    await this.layer(from).click()
    await this.page.keyboard.press('c')
    await this.layer(to).click()
  }

  /** Of the document's layers, in its order. */
  layerIds(): Promise<string[]> {
    return this.canvas
      .locator('[data-layer]')
      .evaluateAll((nodes) => nodes.map((node) => node.getAttribute('data-layer') ?? ''))
  }

  /** By its name for screen readers; without a shape where it gives any. */
  connection(from: string, to: string, shape = ''): Locator {
    return this.canvas.getByRole('button', { name: new RegExp(`^Connection from ${from} to ${to}, .*${shape}`) })
  }

  /** By the keyboard alone, on the first connection that leaves the selected layer: I, a name, Enter. */
  async insert(name: string): Promise<void> {
    await this.page.keyboard.press('i')
    const list = this.page.getByRole('dialog', { name: /^Insert between/ })
    await expect(list.getByRole('combobox')).toBeFocused()
    await this.page.keyboard.type(name)
    await expect(list.getByRole('option', { selected: true })).toHaveText(name)
    await this.page.keyboard.press('Enter')
    await expect(list).toBeHidden()
  }

  async showProblems(): Promise<Locator> {
    if ((await this.problems.getAttribute('aria-expanded')) === 'false') await this.problems.click()
    return this.page.getByTestId('problems')
  }

  async chooseFile(item: string): Promise<void> {
    await this.page.getByRole('button', { name: /^File/ }).click()
    await this.page.getByRole('menuitem', { name: item }).click()
  }

  async startFrom(template: string): Promise<void> {
    await this.chooseFile('New from template…')
    await this.page.getByRole('button', { name: `Start from ${template}`, exact: true }).click()
    await this.expectName(template)
  }

  async showCode(library: 'PyTorch' | 'Keras'): Promise<void> {
    if (!(await this.code.isVisible())) await this.page.getByRole('button', { name: 'Code', exact: true }).click()
    await this.code.getByRole('button', { name: library, exact: true }).click()
  }

  async expectName(name: string): Promise<void> {
    await expect(this.page.getByRole('heading', { level: 1, name, exact: true })).toBeVisible()
  }
}
