import { _electron, type ElectronApplication, type Page } from '@playwright/test'

/** Milliseconds of each try. */
type Samples = readonly number[]

/** How soon the built app shows the list of all runs, and the curves of all of them over each other, on a display. */
export async function measureWindow(home: string, app: string): Promise<{ list: Samples; chart: Samples }> {
  const electron = await _electron.launch({
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), app],
    env: { ...(process.env as Record<string, string>), CONVSCOPE_HOME: home, LANG: 'en_US.UTF-8' },
  })
  try {
    const page = await mainWindow(electron)
    await page.getByTestId('train-button').waitFor()
    const list: number[] = []
    const chart: number[] = []
    for (let i = 0; i < 7; i++) {
      list.push(await timeOf(page, 'list', () => go(page, 'Runs')))
      const all = page.getByRole('checkbox', { name: 'Select all runs' })
      chart.push(await timeOf(page, 'chart', () => all.click()))
      await page.waitForTimeout(500)
      await page.keyboard.press('Escape')
      await go(page, 'Data')
      await page.waitForTimeout(300)
    }
    return { list, chart }
  } finally {
    await electron.close()
  }
}

/** Not the one that tells that the database is checked, after an end that was none. */
async function mainWindow(electron: ElectronApplication): Promise<Page> {
  for (;;) {
    const page = electron.windows().find((one) => one.url().includes('index.html'))
    if (page) return page
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

function go(page: Page, screen: string): Promise<void> {
  return page.getByRole('navigation').getByRole('button', { name: screen, exact: true }).click()
}

/** From the press of the pointer to the frame after the one that shows it. */
async function timeOf(page: Page, what: 'list' | 'chart', act: () => Promise<void>): Promise<number> {
  await page.evaluate((wanted) => {
    function isShown(): boolean {
      if (wanted === 'list') return document.querySelectorAll('tr[data-run]').length > 10
      const label = document.querySelector('[data-testid=overlay-trainLoss] canvas')?.getAttribute('aria-label') ?? ''
      return /[1-9][\d,]* points of/.test(label)
    }
    Object.assign(window, { measured: null })
    addEventListener(
      'pointerdown',
      () => {
        const began = performance.now()
        function look(): void {
          if (!isShown()) {
            setTimeout(look)
            return
          }
          requestAnimationFrame(() => {
            const channel = new MessageChannel()
            channel.port1.onmessage = () => Object.assign(window, { measured: performance.now() - began })
            channel.port2.postMessage(null)
          })
        }
        look()
      },
      { capture: true, once: true },
    )
  }, what)
  await act()
  await page.waitForFunction(() => Reflect.get(window, 'measured') !== null)
  return page.evaluate(() => Reflect.get(window, 'measured') as number)
}
