import { describe, expect, it } from 'vitest'
import { layerKinds } from '../../../shared/layers/registry'
import { paramProblems } from './param-problems'

const conv = layerKinds.get('conv2d')
function found(params: Record<string, unknown>) {
  if (!conv) throw new Error('no conv2d')
  return Object.fromEntries(paramProblems(conv, params))
}

describe('paramProblems', () => {
  it('finds none in what is possible, one number for two included', () => {
    expect(found({ kernel_size: 3, padding: 'same', stride: [1, 2] })).toEqual({})
  })
  it('names the rule and the bound', () => {
    expect(found({ out_channels: 0 })).toEqual({ out_channels: { key: 'rules.min', params: { min: 1 }, at: null } })
    expect(found({ out_channels: 2.5 })).toEqual({ out_channels: { key: 'rules.integer', params: {}, at: null } })
    expect(found({ out_channels: 'many' })).toEqual({ out_channels: { key: 'rules.required', params: {}, at: null } })
  })
  it('says which number of a pair is wrong', () => {
    expect(found({ kernel_size: [3, 0] }).kernel_size).toEqual({ key: 'rules.min', params: { min: 1 }, at: 1 })
    expect(found({ stride: ['', 2] }).stride).toEqual({ key: 'rules.required', params: {}, at: 0 })
    expect(found({ padding: [-1, 0] }).padding).toEqual({ key: 'rules.min', params: { min: 0 }, at: 0 })
  })
})
