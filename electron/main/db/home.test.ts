import { expect, test } from 'vitest'
import { defaultHome } from './home'

test('the home folder is the one that Electron calls userData', () => {
  expect(defaultHome({}, 'linux', '/home/ada')).toBe('/home/ada/.config/Convscope')
  expect(defaultHome({ XDG_CONFIG_HOME: '/cfg' }, 'linux', '/home/ada')).toBe('/cfg/Convscope')
  expect(defaultHome({}, 'darwin', '/Users/ada')).toBe('/Users/ada/Library/Application Support/Convscope')
  expect(defaultHome({ APPDATA: '/roaming' }, 'win32', '/ada')).toMatch(/roaming.Convscope$/)
})

test('CONVSCOPE_HOME overrides it', () => {
  expect(defaultHome({ CONVSCOPE_HOME: '/tmp/x' }, 'linux', '/home/ada')).toBe('/tmp/x')
})
