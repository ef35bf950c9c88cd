import { expect } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from './fixtures/app'
import { Workbench } from './pages/workbench'

test('the page is served by the app itself, in a sandbox, and can neither leave nor reach out', async ({ desk }) => {
  const page = await desk.start()
  expect(page.url()).toBe('app://convscope/index.html')
  const powers = await page.evaluate(async () => ({
    node: [typeof Reflect.get(globalThis, 'require'), typeof Reflect.get(globalThis, 'process')],
    opened: window.open('https://example.com') !== null,
    outside: await fetch('https://example.com').then(
      () => 'reached',
      () => 'refused',
    ),
    traversal: await fetch('app://convscope/%2e%2e/main/index.js').then((response) => response.status),
    notifications: await Notification.requestPermission(),
  }))
  expect(powers).toEqual({
    node: ['undefined', 'undefined'],
    opened: false,
    outside: 'refused',
    traversal: 404,
    notifications: 'denied',
  })
  await page.evaluate(() => location.assign('https://example.com'))
  const log = join(desk.home, 'logs', 'main.log')
  await expect.poll(() => readFileSync(log, 'utf8').split('a link was not followed').length - 1).toBe(2)
  expect(await page.evaluate(() => location.href)).toBe('app://convscope/index.html')
})

test('dark and Chinese are chosen at once, and remembered', async ({ desk }) => {
  const first = new Workbench(await desk.start())
  const background = () => first.page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  await first.prefer('Appearance', 'Light')
  const light = await background()
  await first.prefer('Appearance', 'Dark')
  await expect.poll(background).not.toBe(light)
  const dark = await background()
  await first.prefer('Language', '简体中文')
  await expect(first.page.getByRole('navigation').getByRole('button', { name: '训练' })).toBeVisible()
  await expect(first.page.locator('html')).toHaveAttribute('lang', 'zh-CN')
  await desk.quit()

  const { page } = new Workbench(await desk.start())
  await expect(page.getByRole('navigation').getByRole('button', { name: '训练' })).toBeVisible()
  await expect.poll(() => page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(dark)
})
