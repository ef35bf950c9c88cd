import { _electron, type Page } from '@playwright/test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { generatedNetwork } from '../../renderer/testing/generated-network'

// How fast the designer of the built app answers on a large network, on a display: npm run bench -- --designer.

const { values } = parseArgs({
  options: {
    layers: { type: 'string', default: '200' },
    keys: { type: 'string', default: '60' },
    designer: { type: 'boolean' },
    /** The folder of the app, built. */
    app: { type: 'string', default: process.cwd() },
  },
})

/** Milliseconds of each keystroke, frame or update. */
type Samples = readonly number[]

async function main(): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'convscope-bench-'))
  const file = join(home, 'large.convscope')
  const network = generatedNetwork(Number(values.layers))
  writeFileSync(file, JSON.stringify(network))
  const app = await _electron.launch({
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), values.app, file],
    env: { ...(process.env as Record<string, string>), CONVSCOPE_HOME: home },
  })
  try {
    const page = await app.firstWindow()
    await page
      .locator('[data-testid=design-canvas] [data-layer]')
      .nth(network.layers.length - 1)
      .waitFor()
    console.log(`${network.layers.length} layers, ${cpus().length} × ${cpus()[0]?.model ?? ''}`)
    const middle = `conv${Math.round(network.layers.length / 14)}`
    for (const [name, layer] of [
      ['typing, one block follows', `${middle}a`],
      ['typing, half of the network follows', `${middle}b`],
    ] as const) {
      await tellTyping(page, name, layer)
    }
    tell('frames while panning', await framesWhile(page, () => pan(page)))
    tell('frames while dragging a layer', await framesWhile(page, () => dragLayer(page, `${middle}a`)))
    await page.getByRole('button', { name: 'Code', exact: true }).click()
    await page.getByRole('region', { name: 'Code' }).getByText('class ').first().waitFor()
    await tellTyping(page, 'typing beside the code', `${middle}a`)
    tell('code follows a key after', await codeDelays(page, `${middle}a`))
  } finally {
    await app.evaluate(({ app: electron }) => electron.exit()).catch(() => undefined)
    rmSync(home, { recursive: true, force: true })
  }
}

function tell(name: string, samples: Samples): void {
  const sorted = [...samples].sort((a, b) => a - b)
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN).toFixed(1)
  console.log(`${name}: median ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${at(1)} ms (${sorted.length})`)
}

/** Selects a layer and puts the focus into its output channels. */
async function edit(page: Page, layer: string) {
  await page.locator(`[data-layer="${layer}"]`).first().dispatchEvent('click')
  const field = page.getByRole('textbox', { name: 'Output channels', exact: true })
  await field.focus()
  await field.press('End')
  return field
}

/** What one key costs: until the document object model is up to date, and with the frame that shows it. */
async function tellTyping(page: Page, name: string, layer: string): Promise<void> {
  await edit(page, layer)
  await page.evaluate(() => {
    const samples: { work: number; shown: number }[] = []
    Object.assign(window, { samples })
    function after(done: (now: number) => void): void {
      const channel = new MessageChannel()
      channel.port1.onmessage = () => done(performance.now())
      channel.port2.postMessage(null)
    }
    addEventListener(
      'input',
      () => {
        const sample = { work: 0, shown: 0 }
        const began = performance.now()
        samples.push(sample)
        // The window's own handlers have run by the next listener, and what they asked Vue for by its next microtask.
        addEventListener('input', () => queueMicrotask(() => (sample.work = performance.now() - began)), { once: true })
        requestAnimationFrame(() => {
          const frame = performance.now()
          after((now) => (sample.shown = sample.work + now - frame))
        })
      },
      { capture: true },
    )
  })
  await type(page)
  const samples = await page.evaluate(() => Reflect.get(window, 'samples') as { work: number; shown: number }[])
  await page.getByRole('textbox', { name: 'Output channels', exact: true }).fill('16')
  tell(
    `${name}: work`,
    samples.map(({ work }) => work),
  )
  tell(
    `${name}: work and its frame`,
    samples.map(({ shown }) => shown),
  )
}

/** Digits come and go as a person types them, ten a second. */
async function type(page: Page): Promise<void> {
  for (let i = 0; i < Number(values.keys); i++) {
    await page.keyboard.press(i % 2 === 0 ? 'Backspace' : String(4 + (i % 5)))
    await page.waitForTimeout(100)
  }
}

async function framesWhile(page: Page, act: () => Promise<void>): Promise<Samples> {
  await page.evaluate(() => {
    const frames: number[] = []
    let last = performance.now()
    Object.assign(window, { measuredFrames: frames })
    function next(now: number): void {
      frames.push(now - last)
      last = now
      requestAnimationFrame(next)
    }
    requestAnimationFrame(next)
  })
  await act()
  return page.evaluate(() => (Reflect.get(window, 'measuredFrames') as number[]).slice(2))
}

async function pan(page: Page): Promise<void> {
  const box = await page.getByTestId('design-canvas').boundingBox()
  if (!box) throw new Error('there is no canvas')
  await page.mouse.move(box.x + 6, box.y + box.height / 2)
  await page.mouse.down()
  for (let i = 0; i < 120; i++) await page.mouse.move(box.x + 6 + (i % 60) * 4, box.y + box.height / 2 + (i % 40) * 3)
  await page.mouse.up()
}

async function dragLayer(page: Page, layer: string): Promise<void> {
  const box = await page.locator(`[data-layer="${layer}"]`).first().boundingBox()
  if (!box) throw new Error('the layer is not on the screen')
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  await page.mouse.down()
  for (let i = 0; i < 120; i++) await page.mouse.move(box.x + box.width / 2 + (i % 60) * 2, box.y + (i % 40) * 2)
  await page.mouse.up()
}

/** From a key to the last change of the program beside the canvas. */
async function codeDelays(page: Page, layer: string): Promise<Samples> {
  await edit(page, layer)
  await page.evaluate(() => {
    const delays: number[] = []
    let began = 0
    Object.assign(window, { delays })
    addEventListener(
      'input',
      () => {
        began = performance.now()
        delays.push(0)
      },
      { capture: true },
    )
    const code = document.querySelector('.code')
    if (!code) throw new Error('there is no code')
    new MutationObserver(() => void (delays[delays.length - 1] = performance.now() - began)).observe(code, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    })
  })
  await type(page)
  return page.evaluate(() => Reflect.get(window, 'delays') as number[])
}

await main()
