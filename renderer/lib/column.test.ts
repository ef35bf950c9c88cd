import { describe, expect, it } from 'vitest'
import { float32Column, int32Column } from './column'

describe('Column', () => {
  it('grows beyond its first buffer and keeps every value', () => {
    const column = int32Column()
    for (let i = 0; i < 5000; i++) column.push(i)
    expect(column.length).toBe(5000)
    expect(column.view()[4999]).toBe(4999)
    expect(column.last()).toBe(4999)
  })

  it('appends many at once', () => {
    const column = float32Column()
    column.append(new Float32Array(3000).fill(2))
    column.append([1, 0.5])
    expect(column.length).toBe(3002)
    expect([...column.view().slice(-3)]).toEqual([2, 1, 0.5])
  })

  it('has no last value while empty', () => {
    expect(float32Column().last()).toBeUndefined()
  })
})
