import { writeFileSync } from 'node:fs'
import { test } from './fixtures/app'
import { DesignScreen } from './pages/design-screen'
test('shots', async ({ desk }) => {
  const page = await desk.start()
  const d = new DesignScreen(page)
  await d.expectName('Reference CNN')
  const shot = async (n: string) => writeFileSync(`/tmp/shots/${n}.png`, await page.screenshot())
  await d.chooseFile('New from template…'); await page.waitForTimeout(500); await shot('templates'); await page.keyboard.press('Escape')
  await d.chooseFile('Export picture…'); await page.getByRole('dialog').getByRole('button', { name: 'Dark' }).click(); await page.waitForTimeout(500); await shot('picture')
})
