import { afterEach, expect, test } from 'vitest'
import { toWire } from '../../shared/errors'
import { errorDetail } from './error-detail'
import { locale } from './text'

const error = {
  kind: 'not-a-number',
  message: 'The loss became NaN at step 6, in epoch 2.',
  params: { quantity: 'loss', value: 'NaN', epoch: 2, step: 6, checkpoint: '', layer: 'fc1', culprit: 'output' },
} as const

afterEach(() => {
  locale.value = 'en'
})

test('English is what the thrower wrote', () => {
  expect(errorDetail(error)).toBe(error.message)
})

test('Chinese names moment, layer and what is left', () => {
  locale.value = 'zh-CN'
  expect(errorDetail(error)).toBe('第 2 轮第 6 步时，损失变为 NaN。fc1 的输出最先出现非有限值。此前没有保存过权重。')
  const kept = {
    ...error.params,
    checkpoint: 'epoch-0001',
    quantity: 'weight',
    weight: 'fc1.bias',
    culprit: 'gradient',
  }
  expect(errorDetail({ ...error, params: kept })).toBe(
    '第 2 轮第 6 步时，权重 fc1.bias 变为 NaN。反向传播时，fc1 中 fc1.bias 的梯度最先出现非有限值。最近一份完好的权重是 epoch-0001。',
  )
})

test('Chinese says why an export cannot take its place', () => {
  locale.value = 'zh-CN'
  const params = { path: '/out', file: 'a.txt', problem: 'other-files' }
  expect(errorDetail({ kind: 'invalid-input', message: 'English', params })).toBe(
    '/out 中有其他文件（a.txt），导出不会替换它们。',
  )
})

test('what says too little stays in English', () => {
  locale.value = 'zh-CN'
  expect(errorDetail({ ...error, params: { epoch: 2 } })).toBe(error.message)
  expect(errorDetail(toWire(new Error('odd')))).toBe('odd')
})
