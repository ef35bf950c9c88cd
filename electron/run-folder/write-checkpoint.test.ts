import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '../../shared/errors'
import { readSafetensors } from '../../shared/formats/safetensors'
import { checkpointFolder } from '../../shared/training/checkpoint-names'
import { tinyConfig, tinyNetwork } from '../trainer/testing/tiny'
import { initialLoopState } from '../../shared/training/loop-state'
import { diskFiles, type RunFiles } from './files'
import { writeCheckpoint, type Checkpoint } from './write-checkpoint'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convscope-checkpoint-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function checkpoint(value: number, epoch = 1): Checkpoint {
  const tensor = { shape: [2], values: Float32Array.of(value, value) }
  return {
    position: { epoch, step: 4 * epoch, stepInEpoch: 0 },
    document: tinyNetwork,
    config: tinyConfig(),
    engine: { id: 'eager', version: '1', device: 'CPU', notice: null },
    loop: initialLoopState,
    data: null,
    weights: new Map([['fc1.bias', tensor]]),
    optimizer: new Map([['fc1.bias.exp_avg', tensor]]),
  }
}

function weightIn(file: string): number | undefined {
  const path = join(folder, file)
  return readSafetensors(readFileSync(path), path).tensors.get('fc1.bias')?.values[0]
}

/** The disk, except that one call to it fails. */
function breaking(name: keyof RunFiles, call: number): RunFiles {
  let calls = 0
  return {
    ...diskFiles,
    [name](...args: [string, never, never]) {
      if (++calls === call) throw Object.assign(new Error('injected'), { code: 'EIO' })
      return diskFiles[name](...args)
    },
  }
}

describe('writeCheckpoint', () => {
  it('writes weights, optimizer and where the run stood', () => {
    const file = writeCheckpoint(folder, checkpoint(3))
    expect(file).toBe('epoch-0001/weights.safetensors')
    expect(readdirSync(join(folder, 'epoch-0001')).sort()).toEqual([
      'checkpoint.json',
      'checkpoint.sha256',
      'optimizer.safetensors',
      'weights.safetensors',
    ])
    expect(weightIn(file)).toBe(3)
    const meta = JSON.parse(readFileSync(join(folder, 'epoch-0001/checkpoint.json'), 'utf8')) as unknown
    expect(meta).toMatchObject({ format: 'convscope.checkpoint', version: 2, epoch: 1, step: 4, stepInEpoch: 0 })
    expect(meta).toMatchObject({ config: tinyConfig(), document: tinyNetwork, engine: { id: 'eager' } })
  })

  it('replaces one of the same place', () => {
    writeCheckpoint(folder, checkpoint(3))
    expect(weightIn(writeCheckpoint(folder, checkpoint(4)))).toBe(4)
    expect(readdirSync(folder)).toEqual(['epoch-0001'])
  })

  it.each([
    ['makeFolder', 2],
    ['write', 1],
    ['write', 2],
    ['write', 3],
    ['write', 4],
    ['syncFolder', 1],
    ['rename', 1],
  ] as const)('leaves the old one whole where %s fails (call %i)', (name, call) => {
    writeCheckpoint(folder, checkpoint(3))
    expect(() => writeCheckpoint(folder, checkpoint(4), breaking(name, call))).toThrow(AppError)
    expect(weightIn('epoch-0001/weights.safetensors')).toBe(3)
    expect(readdirSync(folder)).toEqual(['epoch-0001'])
  })

  it('is not seen before it is whole', () => {
    // As if the process had been killed in between: nothing is cleaned up.
    const files = { ...breaking('rename', 1), remove: () => undefined }
    expect(() => writeCheckpoint(folder, checkpoint(4, 2), files)).toThrow('injected')
    expect(existsSync(join(folder, 'epoch-0002'))).toBe(false)
    expect(writeCheckpoint(folder, checkpoint(5, 2))).toBe('epoch-0002/weights.safetensors')
    expect(readdirSync(folder)).toEqual(['epoch-0002'])
  })

  it('names the folder and says that the disk is full', () => {
    const files: RunFiles = {
      ...diskFiles,
      write() {
        throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' })
      },
    }
    expect(() => writeCheckpoint(folder, checkpoint(1), files)).toThrow(
      `The weights could not be saved as ${join(folder, 'epoch-0001')}: The disk is full.`,
    )
  })
})

describe('folders of checkpoints', () => {
  it('have names in order of time', () => {
    const names = [
      { epoch: 0, step: 3, stepInEpoch: 3 },
      { epoch: 1, step: 4, stepInEpoch: 0 },
      { epoch: 1, step: 5, stepInEpoch: 1 },
    ].map(checkpointFolder)
    expect(names).toEqual(['epoch-0000-step-000003', 'epoch-0001', 'epoch-0001-step-000001'])
  })
})
