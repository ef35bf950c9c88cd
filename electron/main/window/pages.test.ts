import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryHome } from '../testing/fixtures'
import { contentSecurityPolicy, fileOf, servePage } from './pages'

function site(): string {
  const root = join(temporaryHome(), 'renderer')
  mkdirSync(join(root, 'assets'), { recursive: true })
  writeFileSync(join(root, 'index.html'), '<p>start</p>')
  writeFileSync(join(root, 'assets/a b.js'), 'let a')
  writeFileSync(join(root, '../secret.txt'), 'secret')
  return root
}

test('serves the files of the window with their type and the policy', async () => {
  const root = site()
  const start = await servePage(root, 'app://convscope/')
  expect(await start.text()).toBe('<p>start</p>')
  expect(start.headers.get('content-type')).toContain('text/html')
  expect(start.headers.get('content-security-policy')).toBe(contentSecurityPolicy)
  const script = await servePage(root, 'app://convscope/assets/a%20b.js?v=1')
  expect(script.headers.get('content-type')).toContain('text/javascript')
})

test.each([
  'app://convscope/../secret.txt',
  'app://convscope/%2e%2e/secret.txt',
  'app://convscope/%2e%2e%2fsecret.txt',
  'app://convscope/assets/..%2f..%2fsecret.txt',
  'app://convscope/..%5csecret.txt',
  'app://convscope//etc/passwd',
  'app://convscope/%00',
  'app://convscope/%zz',
  'app://other/index.html',
  'file:///etc/passwd',
  'nonsense',
  'app://convscope/missing.js',
])('answers 404 to %s', async (address) => {
  expect((await servePage(site(), address)).status).toBe(404)
})

test('the policy allows no code from strings or from outside', () => {
  expect(contentSecurityPolicy).not.toMatch(/unsafe|https?:|\*/)
  expect(fileOf('/root', 'app://convscope/index.html')).toBe(join('/root', 'index.html'))
})
