import { describe, expect, it } from 'vitest'
import { AppError } from '../../shared/errors'
import { chooseEngine, type EngineLoaders } from './engine-choice'
import { createFakeEngine } from './testing/fake-engine'

function loaders(tensorflow: boolean): EngineLoaders {
  const { report, compile, probe } = createFakeEngine()
  return {
    tensorflow: () =>
      tensorflow
        ? Promise.resolve({ report: { ...report, id: 'tensorflow' }, compile, probe })
        : Promise.reject(new AppError('engine-missing', 'TensorFlow is not installed.', { fix: 'Run set-up.' })),
    eager: (notice) => Promise.resolve({ report: { ...report, notice }, compile, probe }),
  }
}

describe('chooseEngine', () => {
  it('prefers TensorFlow', async () => {
    const { report } = await chooseEngine('auto', loaders(true))
    expect([report.id, report.notice]).toEqual(['tensorflow', null])
  })

  it('falls back and says why', async () => {
    const { report } = await chooseEngine('auto', loaders(false))
    expect(report).toMatchObject({
      id: 'eager',
      notice: 'Training in plain JavaScript, which is slow: TensorFlow is not installed. Run set-up.',
    })
  })

  it('does not fall back from what was asked for by name', async () => {
    await expect(chooseEngine('tensorflow', loaders(false))).rejects.toMatchObject({ kind: 'engine-missing' })
    expect((await chooseEngine('eager', loaders(true))).report.notice).toBeNull()
  })
})
