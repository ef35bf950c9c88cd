import { expect } from '@playwright/test'
import { test } from './fixtures/app'
import { seriousViolations } from './pages/axe'
import { DesignScreen, startDesigning } from './pages/design-screen'
import { Workbench } from './pages/workbench'

test('screen readers are told what each layer and each connection is, and what is wrong with it', async ({ desk }) => {
  const design = new DesignScreen(await startDesigning(desk))
  await design.expectName('Reference CNN')
  await expect(design.layer('conv1')).toHaveAccessibleName('Conv2d conv1, gives 26 × 26 × 25, 250 parameters')
  const first = design.connection('conv1', 'bn1')
  await expect(first).toHaveAccessibleName('Connection from conv1 to bn1, 26 × 26 × 25')
  await expect(first).toHaveAttribute('aria-pressed', 'false')
  await expect(design.canvas.getByRole('img', { name: 'Output of fc3, 10' })).toBeAttached()

  await design.layer('conv1').focus()
  await design.page.keyboard.press('e')
  await expect(first).toBeFocused()
  await expect(first).toHaveAttribute('aria-pressed', 'true')
  await design.page.keyboard.press('ArrowDown')
  await expect(design.layer('bn1')).toBeFocused()

  await design.layer('flatten').click()
  await design.page.keyboard.press('Delete')
  await expect(design.connection('pool2', 'fc1')).toHaveAccessibleName(
    'Connection from pool2 to fc1, 5 × 5 × 50. needs a flat input, but 5 × 5 × 50 values enter',
  )
  await expect(design.layer('fc1')).toHaveAccessibleName(/needs a flat input/)
  expect(desk.pageErrors).toEqual([])
})

for (const theme of ['Light', 'Dark']) {
  test(`the designer and its boxes keep nobody out, on a ${theme.toLowerCase()} ground`, async ({ desk }) => {
    const page = await startDesigning(desk)
    const design = new DesignScreen(page)
    await design.expectName('Reference CNN')
    await new Workbench(page).prefer('Appearance', theme)
    expect(await seriousViolations(page), 'nothing selected').toEqual([])

    await design.layer('conv1').click()
    await design.showCode('PyTorch')
    await expect(design.code).toContainText('nn.Conv2d')
    expect(await seriousViolations(page), 'a layer selected, with the code').toEqual([])
    await page.getByRole('button', { name: 'Code', exact: true }).click()

    await design.layer('flatten').click()
    await page.keyboard.press('Delete')
    await expect(await design.showProblems()).toContainText('needs a flat input')
    expect(await seriousViolations(page), 'problems').toEqual([])
    await page.keyboard.press('Control+z')

    await design.layer('conv1').click()
    await page.keyboard.press('i')
    await expect(page.getByRole('dialog', { name: 'Insert between conv1 and bn1' })).toBeVisible()
    expect(await seriousViolations(page), 'the list of layers to insert').toEqual([])
    await page.keyboard.press('Escape')

    await page.keyboard.press('?')
    await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
    expect(await seriousViolations(page), 'shortcuts').toEqual([])
    await page.keyboard.press('Escape')

    await design.chooseFile('New from template…')
    await expect(page.getByRole('button', { name: 'Start from LeNet-5', exact: true })).toBeVisible()
    expect(await seriousViolations(page), 'templates').toEqual([])
    await page.keyboard.press('Escape')

    await design.chooseFile('Export picture…')
    await expect(page.getByRole('dialog')).toBeVisible()
    expect(await seriousViolations(page), 'the picture').toEqual([])
    await page.keyboard.press('Escape')

    await page.getByRole('button', { name: /^File/ }).click()
    expect(await seriousViolations(page), 'the file menu').toEqual([])
    await page.keyboard.press('Escape')

    await page.getByRole('button', { name: 'Volumes' }).click()
    await expect(page.getByRole('region', { name: 'Volumes' })).toBeVisible()
    expect(await seriousViolations(page), 'volumes').toEqual([])
    await new Workbench(page).go('Train')
    await expect(page.getByTestId('data-strip').getByRole('button').first()).toBeVisible()
    expect(await seriousViolations(page), 'setting up a run').toEqual([])
  })
}
