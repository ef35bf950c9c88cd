import { expect } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from './fixtures/app'
import { template, train } from './fixtures/train'
import { RunsScreen } from './pages/runs-screen'
import { seriousViolations } from './pages/axe'
import { Workbench } from './pages/workbench'

test('runs are found, tagged, pinned, archived, deleted and brought back, laid over each other and told apart', async ({
  desk,
}) => {
  test.setTimeout(240_000)
  train(desk, 'reference', 'Slow one', '--learning-rate', '0.0001')
  train(desk, 'reference', 'Quick one', '--learning-rate', '0.01', '--optimizer', 'sgd')
  train(desk, template('lenet5'), 'Other network', '--learning-rate', '0.01')
  const page = await desk.start()
  const runs = new RunsScreen(page)
  await new Workbench(page).go('Runs')
  await expect(runs.rows).toHaveCount(3)

  await test.step('search by words and by settings', async () => {
    await runs.search.fill('one')
    await expect(runs.rows).toHaveCount(2)
    await runs.search.fill('lr:>0.001 optimizer:sgd')
    await expect(runs.rows).toHaveCount(1)
    await expect(runs.rows).toContainText('Quick one')
    await runs.search.press('Escape')
    await expect(runs.rows).toHaveCount(3)
  })

  await test.step('tags and a note are kept, and found', async () => {
    await runs.row('Quick one').click()
    const inspector = new Workbench(page).inspector
    await inspector.getByRole('combobox', { name: 'Add a tag' }).fill('good, wide')
    await page.keyboard.press('Enter')
    await expect(runs.row('Quick one')).toContainText('wide')
    await inspector.getByRole('textbox', { name: 'Notes' }).fill('Falls fast.\nThen it stays.')
    await runs.row('Slow one').click()
    await runs.search.fill('tag:good "falls fast"')
    await expect(runs.rows).toHaveCount(1)
    await runs.search.fill('')
  })

  await test.step('a pinned run stands first', async () => {
    await expect(runs.rows.first()).toContainText('Other network')
    await runs.row('Slow one').click()
    await page.keyboard.press('p')
    await expect(runs.rows.first()).toContainText('Slow one')
  })

  await test.step('the archive', async () => {
    await runs.row('Other network').click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Archive', exact: true }).click()
    await expect(runs.rows).toHaveCount(2)
    await page.getByRole('toolbar', { name: 'Filters' }).getByRole('button', { name: 'Archive' }).click()
    await page.getByRole('menuitemcheckbox', { name: 'Archived runs only' }).click()
    await page.keyboard.press('Escape')
    await expect(runs.rows).toHaveCount(1)
    await runs.row('Other network').click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Take out of the archive' }).click()
    await page.getByRole('button', { name: 'Clear the filter' }).first().click()
    await expect(runs.rows).toHaveCount(3)
  })

  await test.step('a deletion is taken back by its button, by Ctrl+Z, and from the deleted runs', async () => {
    await runs.row('Quick one').click()
    await page.keyboard.press('Delete')
    await expect(runs.rows).toHaveCount(2)
    await page.getByRole('button', { name: 'Undo Ctrl Z' }).click()
    await expect(runs.rows).toHaveCount(3)
    await runs.row('Quick one').click()
    await page.keyboard.press('Delete')
    await expect(runs.rows).toHaveCount(2)
    await page.keyboard.press('Control+z')
    await expect(runs.row('Quick one')).toContainText('good')
    await runs.row('Quick one').click()
    await page.keyboard.press('Delete')
    await expect(runs.rows).toHaveCount(2)
    await page.getByRole('button', { name: 'Deleted runs' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Restore', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
    await expect(runs.rows).toHaveCount(3)
  })

  await test.step('all runs over each other, and their numbers as CSV', async () => {
    await runs.row('Slow one').click()
    await page.keyboard.press('Control+a')
    // 230 pictures to train on, 15 batches an epoch, two epochs.
    await expect(runs.overlay('trainLoss')).toHaveAccessibleName(/points of 3 runs$/)
    await runs.compare.getByRole('button', { name: 'Epoch', exact: true }).click()
    const target = join(desk.home, 'loss.csv')
    await desk.answer({ save: target })
    await page.getByRole('button', { name: 'Save “Training loss”' }).click()
    await page.getByRole('menuitem', { name: 'Numbers (CSV)…' }).click()
    await expect(page.getByText('Chart saved')).toBeVisible()
    const [head, ...lines] = readFileSync(target, 'utf8').trim().split('\n')
    expect(head).toBe('run,name,epoch,trainLoss,trainLoss_smoothed_0.9')
    for (const name of ['Slow one', 'Quick one', 'Other network']) {
      const own = lines.filter((line) => line.split(',')[1] === name)
      expect(own).toHaveLength(30)
      expect(own.at(-1)?.split(',')[2]).toBe('2')
    }
    await expect(runs.overlay('validationAccuracy')).toHaveAccessibleName(/points of 3 runs$/)
    const drawing = join(desk.home, 'accuracy.svg')
    await desk.answer({ save: drawing })
    await page.getByRole('button', { name: 'Save “Validation accuracy”' }).click()
    await page.getByRole('menuitem', { name: 'Drawing (SVG)…' }).click()
    await expect.poll(() => tryRead(drawing)).toContain('</svg>')
    expect(tryRead(drawing).match(/<polyline /g)).toHaveLength(3)
  })

  await test.step('settings that differ', async () => {
    await runs.compare.getByRole('button', { name: 'Settings' }).click()
    const table = page.getByRole('table', { name: 'Settings' })
    await expect(table.getByRole('row', { name: /^Learning rate 0\.0001 0\.01 0\.01|^Learning rate/ })).toBeVisible()
    await expect(table.getByRole('rowheader', { name: 'Seed' })).toBeHidden()
    await runs.compare.getByRole('switch', { name: 'Also what is the same' }).click()
    await expect(table.getByRole('rowheader', { name: 'Seed' })).toBeVisible()
  })

  await test.step('two runs: networks and kernels', async () => {
    await runs.row('Slow one').click()
    await runs.row('Other network').click({ modifiers: ['Control'] })
    await page.getByRole('button', { name: 'Use the whole window' }).click()
    await runs.compare.getByRole('button', { name: 'Compare two' }).click()
    const two = page.getByTestId('two-runs')
    const changes = two.getByRole('list', { name: 'Differences of the networks' })
    await expect(changes.getByRole('listitem').filter({ hasText: 'conv1' })).toContainText('out_channels 25 → 6')
    await expect(changes.getByRole('listitem').filter({ hasText: 'bn1' })).toContainText('Removed')
    await expect(two.getByRole('region', { name: 'Slow one' }).getByTestId('kernel-grid')).toBeVisible()
    await expect(two.getByRole('region', { name: 'Other network' }).getByTestId('kernel-grid')).toBeVisible()
    expect(await seriousViolations(page), 'two runs side by side').toEqual([])
  })
  expect(desk.pageErrors).toEqual([])
})

function tryRead(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
