import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import { AppError } from '../../../shared/errors'
import { useBackup } from '../../stores/backup'
import { useToasts } from '../../stores/toasts'
import { useFakeBridge } from '../../testing/mount-window'
import RecoveryNotice from './RecoveryNotice.vue'

describe('RecoveryNotice', () => {
  const params = { aside: '/home/a.corrupt', recovered: 12, reindexed: 1, incomplete: '', lost: 0, names: '' }
  const text = (change: object) => mount(RecoveryNotice, { props: { params: { ...params, ...change } } }).text()

  it('tells how many runs were recovered, rebuilt and lost, and where the damaged file is', () => {
    expect(text({})).toContain('12 runs recovered from it. 1 run rebuilt from its folder. No run is lost.')
    expect(text({})).toContain('/home/a.corrupt')
    expect(text({ lost: 2, names: 'First, Second' })).toContain('2 runs are lost: First, Second.')
    expect(text({ incomplete: 'Old' })).toContain('Only the metrics were left of: Old.')
  })

  it('speaks of found runs where nothing was damaged, and of none where there were none', () => {
    const found = text({ aside: '', recovered: 0, reindexed: 3 })
    expect(found).toContain('lacked runs')
    expect(found).toContain('3 runs rebuilt from their folders.')
    expect(found).not.toContain('recovered from it')
    expect(text({ recovered: 0, reindexed: 0 })).toContain('No runs were found in it.')
  })
})

describe('the backup store', () => {
  let unfollow: () => void = () => undefined
  afterEach(() => unfollow())

  it('opens from the menu, shows progress and tells what was written', async () => {
    let finish: () => void = () => undefined
    const bridge = useFakeBridge({
      'backup.create': () =>
        new Promise((resolve) => (finish = () => resolve({ path: '/b.zip', runs: 3, bytes: 1024 }))),
    })
    const backup = useBackup()
    unfollow = backup.follow()
    bridge.emit('backup.command', { command: 'backup' })
    await flushPromises()
    expect(backup.dialog).toBe('backup')
    expect(backup.overview?.runs).toBe(3)
    const done = backup.create(true)
    bridge.emit('backup.progress', { done: 1, total: 4 })
    expect(backup.progress).toEqual({ done: 1, total: 4 })
    finish()
    await done
    expect(backup.progress).toBeNull()
    expect(backup.dialog).toBeNull()
    expect(useToasts().toasts).toMatchObject([{ text: 'Backed up 3 runs', detail: '/b.zip · 1 kB' }])
  })

  it('says why a file cannot be restored, and nothing after a cancel', async () => {
    let error = new AppError('data-corrupt', 'The backup /b.zip cannot be restored: It has no database.')
    useFakeBridge({
      'backup.read': () => {
        throw error
      },
    })
    const backup = useBackup()
    await backup.read()
    expect(backup.found).toBeNull()
    expect(useToasts().toasts).toMatchObject([{ tone: 'error', error: { kind: 'data-corrupt' } }])
    error = new AppError('cancelled', 'Reading the backup was cancelled.')
    await backup.read()
    expect(useToasts().toasts).toHaveLength(1)
  })
})
