import { expect, test } from 'vitest'
import { mostRecents, recentLabels, withRecent, type Recent } from './recents'

function recent(path: string, openedAt = 0): Recent {
  return { path, name: 'Net', openedAt }
}

test('the newest is first, each file is there once, and the oldest go', () => {
  let list: Recent[] = []
  for (let at = 0; at < mostRecents + 3; at++) list = withRecent(list, recent(`/nets/${at}`, at))
  list = withRecent(list, recent('/nets/7', 99))
  expect(list).toHaveLength(mostRecents)
  expect(list[0]).toEqual(recent('/nets/7', 99))
  expect(list.filter(({ path }) => path === '/nets/7')).toHaveLength(1)
  expect(list.some(({ path }) => path === '/nets/2')).toBe(false)
})

test('files of the same name are told apart by their folders', () => {
  expect(recentLabels([recent('/a/net.convscope'), recent('/b/net.convscope'), recent('/a/vgg.convscope')])).toEqual([
    '/a/net.convscope',
    '/b/net.convscope',
    'vgg.convscope',
  ])
})
