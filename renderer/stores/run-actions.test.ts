import { flushPromises } from '@vue/test-utils'
import { beforeEach, expect, it } from 'vitest'
import type { FakeBridge } from '../testing/fake-bridge'
import { useFakeBridge } from '../testing/mount-window'
import { sampleRun } from '../testing/samples'
import { useRunActions } from './run-actions'
import { useRuns } from './runs'
import { useToasts } from './toasts'

const first = sampleRun({ name: 'First', state: { type: 'stopped' } })
const second = sampleRun({ name: 'Second', state: { type: 'stopped' }, pinned: true })
const training = sampleRun({ name: 'Third', state: { type: 'running' } })

let bridge: FakeBridge
let actions: ReturnType<typeof useRunActions>
const calls = (name: string) => bridge.log.filter((call) => call.name === name).map(({ input }) => input)
beforeEach(async () => {
  bridge = useFakeBridge({ 'runs.list': () => [first, second, training] })
  await useRuns().load()
  actions = useRunActions()
})

it('deletes at once, and takes it back by key as long as it is told of', async () => {
  await actions.remove([first, second])
  expect(useRuns().all.map(({ name }) => name)).toEqual(['Third'])
  expect(useToasts().toasts.at(-1)).toMatchObject({ text: '2 runs deleted', action: { label: 'Undo' } })
  expect(actions.undo()).toBe(true)
  await flushPromises()
  expect(calls('runs.restore')).toEqual([{ ids: [first.id, second.id] }])
  expect(useToasts().toasts).toEqual([])
  expect(actions.undo()).toBe(false)
})

it('does not take back what is no longer told of', async () => {
  await actions.remove([first])
  useToasts().dismiss(useToasts().toasts.at(-1)?.id ?? 0)
  expect(actions.undo()).toBe(false)
  expect(calls('runs.restore')).toEqual([])
})

it('leaves a run that trains, says so, and deletes the others', async () => {
  await actions.remove([first, training])
  expect(calls('runs.delete')).toEqual([{ ids: [first.id] }])
  expect(useToasts().toasts.map((toast) => ('text' in toast ? toast.text : ''))).toEqual([
    '“Third” is still training and stays',
    '1 run deleted',
  ])
})

it('pins all where one is not pinned, and lets all go where all are', async () => {
  await actions.togglePin([first, second])
  await actions.togglePin([second])
  expect(calls('runs.pin')).toEqual([
    { ids: [first.id, second.id], pinned: true },
    { ids: [second.id], pinned: false },
  ])
})

it('offers to take archiving back', async () => {
  await actions.toggleArchive([first])
  const [toast] = useToasts().toasts
  if (toast?.tone === 'info') toast.action?.run()
  await flushPromises()
  expect(calls('runs.archive')).toEqual([
    { ids: [first.id], archived: true },
    { ids: [first.id], archived: false },
  ])
})
