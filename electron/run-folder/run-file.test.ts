import { mkdtempSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { initialLoopState } from '../../shared/training/loop-state'
import { tinyConfig, tinyNetwork } from '../trainer/testing/tiny'
import { readCheckpointMeta } from './read-checkpoint'
import { readRunFile, writeRunFile, type RunFile } from './run-file'
import { writeCheckpoint } from './write-checkpoint'

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'convscope-run-file-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const run: RunFile = {
  id: '7d6b0f3e-5a6c-4c0a-9d3e-2f1b8a7c6d5e',
  name: 'Tiny run',
  createdAt: 1,
  document: tinyNetwork,
  config: tinyConfig(),
  parent: { run: 'other', checkpoint: 'epoch-0001' },
}

test('a run is described in its own folder', () => {
  const folder = temporaryFolder()
  writeRunFile(folder, { ...run, name: 'before' })
  writeRunFile(folder, run)
  expect(readRunFile(folder)).toEqual(run)
})

test('a description that is missing or torn is named', () => {
  const folder = temporaryFolder()
  expect(() => readRunFile(folder)).toThrow(`There is no ${join(folder, 'run.json')}.`)
  writeRunFile(folder, run)
  truncateSync(join(folder, 'run.json'), 40)
  expect(() => readRunFile(folder)).toThrow(`${join(folder, 'run.json')} is damaged`)
})

test('a checkpoint tells what it is without its weights being read', () => {
  const folder = temporaryFolder()
  const position = { epoch: 2, step: 9, stepInEpoch: 1 }
  const engine = { id: 'eager', version: '1', device: 'CPU', notice: null } as const
  const base = { position, document: tinyNetwork, config: tinyConfig(), engine, loop: initialLoopState, data: 'ab' }
  writeCheckpoint(folder, { ...base, weights: new Map(), optimizer: new Map() })
  const checkpoint = join(folder, 'epoch-0002-step-000001')
  truncateSync(join(checkpoint, 'weights.safetensors'), 0)
  expect(readCheckpointMeta(checkpoint)).toEqual(base)
})
