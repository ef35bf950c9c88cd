import { expect, type Locator, type Page } from '@playwright/test'
import type { Desk } from '../fixtures/app'
import { TrainScreen, type ShortRun } from './train-screen'
import { Workbench } from './workbench'

/** The bar of the inside screen, its views of kernels and of feature maps, and the panel that chooses a picture. */
export class InsideScreen {
  readonly moment: Locator
  readonly slider: Locator
  readonly kernels: Locator
  readonly inspector: Locator
  readonly picture: Locator
  readonly panel: Locator
  readonly pad: Locator
  readonly unit: Locator
  readonly probabilities: Locator

  constructor(readonly page: Page) {
    this.moment = page.getByTestId('moment')
    this.slider = page.getByTestId('epoch-slider').getByRole('slider')
    this.kernels = page.getByTestId('kernel-grid').getByRole('img')
    this.inspector = page.getByRole('complementary', { name: 'Inspector' })
    this.picture = page.getByTestId('picture-button')
    this.panel = page.getByTestId('picture-panel')
    this.pad = page.getByTestId('drawing-pad')
    this.unit = page.getByTestId('unit')
    this.probabilities = page.getByTestId('probabilities').first()
  }

  /** Trains a short run to its end and looks inside it. */
  static async afterTraining(desk: Desk, run: ShortRun): Promise<InsideScreen> {
    const page = await desk.start()
    await new TrainScreen(page).train(run)
    await expect(page.getByRole('heading', { name: 'Test accuracy' })).toBeVisible({ timeout: 60_000 })
    await new Workbench(page).go('Inside')
    return new InsideScreen(page)
  }

  async show(view: string): Promise<void> {
    await this.page.getByRole('group', { name: 'View' }).getByRole('button', { name: view, exact: true }).click()
  }

  press(name: string): Promise<void> {
    return this.page.getByRole('button', { name, exact: true }).click()
  }

  maps(layer: string): Locator {
    return this.page.locator(`[data-testid=maps][data-layer=${layer}]`).getByRole('img')
  }

  async openPicture(kind: 'Data set' | 'File' | 'Draw'): Promise<void> {
    if (!(await this.panel.isVisible())) await this.picture.click()
    await this.panel.getByRole('button', { name: kind, exact: true }).click()
  }

  /** Draws with the mouse; places in shares of the pad. */
  async draw(points: readonly (readonly [number, number])[]): Promise<void> {
    const box = await this.pad.boundingBox()
    if (!box) throw new Error('the pad is not there')
    for (const [index, [x, y]] of points.entries()) {
      await this.page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: index === 0 ? 1 : 6 })
      if (index === 0) await this.page.mouse.down()
    }
    await this.page.mouse.up()
  }

  /** Names of the classes with the highest probability first. */
  async mostLikely(): Promise<string> {
    return (await this.probabilities.locator('li.best .name').innerText()).trim()
  }
}
