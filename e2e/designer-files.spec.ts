import { expect } from '@playwright/test'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseNetwork } from '../shared/network/parse'
import { test } from './fixtures/app'
import { DesignScreen, startDesigning } from './pages/design-screen'

test('a network built by keyboard is saved, reopened and listed as recent', async ({ desk }) => {
  const design = new DesignScreen(await startDesigning(desk))
  await design.expectName('Reference CNN')
  await design.page.keyboard.press('Control+n')
  await design.expectName('Untitled network')
  for (const name of ['Conv2d', 'ReLU', 'Flatten', 'Linear']) await design.append(name)
  await expect(design.unsaved).toBeVisible()
  await expect.poll(() => desk.title()).toBe('● Untitled network – Convscope')

  // The ending is added where the person gave none.
  await desk.answer({ save: join(desk.home, 'mine') })
  await design.page.keyboard.press('Control+s')
  await expect(design.unsaved).toBeHidden()
  const file = join(desk.home, 'mine.convscope')
  const saved = parseNetwork(readFileSync(file, 'utf8'), file)
  expect(saved.layers.map(({ kind }) => kind)).toEqual(['input', 'conv2d', 'relu', 'flatten', 'linear'])
  await expect.poll(() => desk.title()).toBe('mine.convscope – Convscope')
  await desk.quit()

  const again = new DesignScreen(await startDesigning(desk))
  await again.expectName('Reference CNN')
  await again.page.getByRole('button', { name: /^File/ }).click()
  await again.page.getByRole('menuitem', { name: 'Open recent' }).click()
  await again.page.getByRole('menuitem', { name: /mine\.convscope/ }).click()
  await again.expectName('Untitled network')
  await expect(again.layer(saved.layers.at(-1)?.id ?? '')).toBeVisible()
  expect(desk.pageErrors).toEqual([])
})

test('an unsaved design survives a crash, and is told of', async ({ desk }) => {
  const design = new DesignScreen(await startDesigning(desk))
  await design.expectName('Reference CNN')
  await design.append('Dropout')
  await expect(design.unsaved).toBeVisible()
  const kept = join(desk.home, 'autosave', 'design.json')
  await expect.poll(() => existsSync(kept) && readFileSync(kept, 'utf8').includes('"dropout"')).toBe(true)
  await desk.kill()

  const again = new DesignScreen(await startDesigning(desk))
  await expect(again.page.getByText('Your unsaved design is back')).toBeVisible()
  await expect(again.unsaved).toBeVisible()
  await expect(again.page.locator('[data-layer^="dropout"]').first()).toBeVisible()
  // Still there after another crash that leaves no time for anything.
  await desk.kill()
  const third = new DesignScreen(await startDesigning(desk))
  await expect(third.page.getByText('Your unsaved design is back')).toBeVisible()
})

test('closing with an unsaved design asks: cancel stays, not saving leaves nothing behind', async ({ desk }) => {
  const design = new DesignScreen(await startDesigning(desk))
  await design.expectName('Reference CNN')
  await design.append('Dropout')
  await expect.poll(() => desk.title()).toMatch(/^●/)
  await desk.answer({ button: 'Cancel' })
  await desk.closeWindow()
  // It would be gone by the time that the next call is answered.
  await expect.poll(() => desk.title()).toMatch(/^●/)
  await expect(design.unsaved).toBeVisible()
  await desk.answer({ button: 'Don’t save' })
  await desk.quit()
  expect(existsSync(join(desk.home, 'autosave', 'design.json'))).toBe(false)
  await new DesignScreen(await startDesigning(desk)).expectName('Reference CNN')
})

test('a file changed by another program is not overwritten unasked; a damaged one leaves the design as it is', async ({
  desk,
}) => {
  const design = new DesignScreen(await startDesigning(desk))
  const file = join(desk.home, 'net.convscope')
  await design.startFrom('LeNet-5')
  await desk.answer({ save: file })
  await design.page.keyboard.press('Control+Shift+s')
  await expect.poll(() => existsSync(file)).toBe(true)
  const theirs = readFileSync(file, 'utf8').replace('LeNet-5', 'Theirs')
  writeFileSync(file, theirs)
  await design.append('Dropout')
  await desk.answer({ button: 'Cancel' })
  await design.page.keyboard.press('Control+s')
  await expect(design.unsaved).toBeVisible()
  expect(readFileSync(file, 'utf8')).toBe(theirs)
  await desk.answer({ button: 'Overwrite' })
  await design.page.keyboard.press('Control+s')
  await expect(design.unsaved).toBeHidden()
  expect(readFileSync(file, 'utf8')).toContain('"dropout"')

  const damaged = join(desk.home, 'damaged.json')
  writeFileSync(damaged, '{"format": "convscope.network", "version": 1, "name": "x"')
  await desk.answer({ open: damaged })
  await design.page.keyboard.press('Control+o')
  await expect(design.page.getByText(/damaged\.json is not JSON/)).toBeVisible()
  await design.expectName('LeNet-5')
  writeFileSync(damaged, '{"format": "convscope.network", "version": 7}')
  await design.page.keyboard.press('Control+o')
  await expect(design.page.getByText(/version 7/)).toBeVisible()
  await design.expectName('LeNet-5')
})

test('closing with an unsaved design and saving it writes the file, and closes', async ({ desk }) => {
  const design = new DesignScreen(await startDesigning(desk))
  const file = join(desk.home, 'kept.convscope')
  await design.startFrom('LeNet-5')
  await design.append('Dropout')
  await expect.poll(() => desk.title()).toMatch(/^●/)
  await desk.answer({ button: 'Save', save: file })
  await desk.quit()
  expect(parseNetwork(readFileSync(file, 'utf8'), file).layers.map(({ kind }) => kind)).toContain('dropout')
  expect(existsSync(join(desk.home, 'autosave', 'design.json'))).toBe(false)

  // Nothing was left to recover: it starts as ever.
  const again = new DesignScreen(await startDesigning(desk))
  await again.expectName('Reference CNN')
  await expect(again.unsaved).toBeHidden()
})

test('reverting asks, and goes back to what is in the file', async ({ desk }) => {
  const design = new DesignScreen(await startDesigning(desk))
  const file = join(desk.home, 'net.convscope')
  await design.startFrom('LeNet-5')
  await desk.answer({ save: file })
  await design.page.keyboard.press('Control+Shift+s')
  await expect.poll(() => existsSync(file)).toBe(true)
  const saved = await design.layerIds()
  await design.append('Dropout')
  await design.append('ReLU')
  await desk.answer({ button: 'Cancel' })
  await design.chooseFile('Revert to the file')
  expect(await design.layerIds()).toHaveLength(saved.length + 2)
  await expect(design.unsaved).toBeVisible()

  await desk.answer({ button: 'Revert to the file' })
  await design.chooseFile('Revert to the file')
  await expect.poll(() => design.layerIds()).toEqual(saved)
  await expect(design.unsaved).toBeHidden()
  await design.page.getByRole('button', { name: /^File/ }).click()
  await expect(design.page.getByRole('menuitem', { name: 'Revert to the file' })).toHaveAttribute('data-disabled')
  expect(desk.pageErrors).toEqual([])
})

test('layers go from one document into another as text on the clipboard', async ({ desk }) => {
  const page = await startDesigning(desk)
  const design = new DesignScreen(page)
  await design.expectName('Reference CNN')
  await design.layer('conv2').click()
  await design.layer('bn2').click({ modifiers: ['Shift'] })
  await design.layer('relu2').click({ modifiers: ['Shift'] })
  await page.keyboard.press('Control+c')
  await expect.poll(() => desk.clipboard()).toContain('convscope.fragment')
  const copied = JSON.parse(await desk.clipboard()) as { layers: { id: string; params: object }[] }
  expect(copied.layers.map(({ id }) => id)).toEqual(['conv2', 'bn2', 'relu2'])

  await page.keyboard.press('Control+n')
  await design.expectName('Untitled network')
  await page.keyboard.press('Control+v')
  await expect.poll(() => design.layerIds()).toEqual(['input', 'conv2', 'bn2', 'relu2'])
  await expect(design.connection('conv2', 'bn2')).toBeAttached()
  await design.layer('conv2').click()
  await expect(page.getByRole('textbox', { name: 'Output channels' })).toHaveValue('50')

  // Another program's words are no layers.
  await desk.copyText('just words')
  await page.keyboard.press('Control+v')
  await expect(page.getByText('There are no layers on the clipboard.').first()).toBeVisible()
  expect(await design.layerIds()).toHaveLength(4)
  expect(desk.pageErrors).toEqual([])
})
