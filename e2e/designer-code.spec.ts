import { expect } from '@playwright/test'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from './fixtures/app'
import { DesignScreen, startDesigning } from './pages/design-screen'
import { Workbench } from './pages/workbench'

test('the code follows the design and the selection, in colours, under the strict policy', async ({ desk }) => {
  const page = await startDesigning(desk)
  const design = new DesignScreen(page)
  await design.expectName('Reference CNN')
  await design.showCode('PyTorch')
  await expect(design.code.getByText('class ReferenceCNN(nn.Module):')).toBeVisible()
  // Colours mean that the highlighter runs without code from strings.
  const keyword = design.code.getByText('class', { exact: true }).first()
  await expect(keyword).toHaveAttribute('style', /--accent-text/)
  const line = design.code.locator('[data-layer="conv2"]').first()
  await line.click()
  await expect(line).toHaveClass(/lit/)
  await expect(new Workbench(page).inspector).toContainText('conv2')
  await design.layer('fc1').click()
  await expect(design.code.locator('.lit').first()).toContainText('fc1')
  await design.showCode('Keras')
  await expect(design.code).toContainText('keras')
  const target = join(desk.home, 'net.py')
  await desk.answer({ save: target })
  await design.code.getByRole('button', { name: 'Save as .py…' }).click()
  await expect(page.getByText('Code saved')).toBeVisible()
  expect(readFileSync(target, 'utf8')).toContain('import keras')
  expect(desk.pageErrors).toEqual([])
})

test('the network is exported as SVG and PNG', async ({ desk }) => {
  const page = await startDesigning(desk)
  const design = new DesignScreen(page)
  await design.expectName('Reference CNN')
  for (const format of ['SVG', 'PNG']) {
    const target = join(desk.home, `net.${format.toLowerCase()}`)
    await desk.answer({ save: target })
    await design.chooseFile('Export picture…')
    await page.getByRole('button', { name: format, exact: true }).click()
    await page.getByRole('button', { name: 'Export…' }).click()
    await expect.poll(() => existsSync(target)).toBe(true)
    await expect(page.getByText('Picture saved').last()).toBeVisible()
    const bytes = readFileSync(target)
    if (format === 'SVG') expect(bytes.toString()).toContain('>26 × 26 × 25</text>')
    else expect([...bytes.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47])
  }
  expect(desk.pageErrors).toEqual([])
})

test('a place in a volume shows the window that it sees', async ({ desk }) => {
  const page = await startDesigning(desk)
  const design = new DesignScreen(page)
  await design.expectName('Reference CNN')
  await page.getByRole('button', { name: 'Volumes' }).click()
  const box = page.getByRole('button', { name: /, 26 × 26 × 25$/ })
  await box.focus()
  const words = page.getByRole('region', { name: 'Volumes' })
  await expect(words).toContainText('Row 14, column 14: 25 neurons share one window')
  await expect(words).toContainText('rows 14 to 16 and columns 14 to 16')
  await box.press('ArrowUp')
  await expect(words).toContainText('rows 13 to 15')
  expect(desk.pageErrors).toEqual([])
})
