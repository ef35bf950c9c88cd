import { flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { useConvolution } from '../../stores/convolution'
import { useShell } from '../../stores/shell'
import { mountWindow } from '../../testing/mount-window'
import { cell, edit, grid, numbers, press } from './testing/view'

let unmount = () => {}
async function open(changes: Parameters<typeof mountWindow>[0] = {}) {
  const opened = await mountWindow(changes)
  unmount = () => opened.wrapper.unmount()
  useShell().go('inside')
  await flushPromises()
  return opened
}
afterEach(() => {
  unmount()
  vi.useRealTimers()
})

const words = (text: string) => text.split(' ')

describe('the classic example', () => {
  it('is there without any run: padded input, filters, products, outputs', async () => {
    const { wrapper } = await open()
    expect(numbers(wrapper, 'Output of filter 0')).toEqual(words('2 6 5 0 9 1 6 9 6'))
    expect(numbers(wrapper, 'Output of filter 1')).toEqual(words('3 3 1 6 4 3 −1 2 −1'))
    expect(numbers(wrapper, 'Input, channel 0').slice(7, 14)).toEqual(words('0 0 1 2 1 0 0'))
    expect(grid(wrapper, 'Input, channel 0').findAll('.pad')).toHaveLength(24)
    expect(numbers(wrapper, 'Filter 0, channel 0')).toEqual(words('−1 0 1 1 1 0 0 −1 1'))
    expect(numbers(wrapper, 'Products of channel 0')[7]).toBe('2·(−1)−2')
    expect(wrapper.find('[data-testid=sum-line]').text()).toBe('−2+0+3+1=2')
  })

  it('steps, and marks the window and the output it makes', async () => {
    const { wrapper } = await open()
    await press(wrapper, 'One step on')
    await press(wrapper, 'One step on')
    expect(wrapper.find('[data-testid=convolution-position]').text()).toBe('3 of 18')
    expect(grid(wrapper, 'Output of filter 0').find('[aria-selected=true]').text()).toBe('5')
    const lit = grid(wrapper, 'Input, channel 2').findAll('.lit')
    expect(lit.map((one) => [one.attributes('data-row'), one.attributes('data-column')].join())).toEqual([
      ...['0,4', '0,5', '0,6', '1,4', '1,5', '1,6', '2,4', '2,5', '2,6'],
    ])
    await press(wrapper, 'To the last output')
    expect(wrapper.find('[data-testid=convolution-result]').text()).toBe('−1')
  })

  it('shows the window of the output under the pointer, and stays where it is pressed', async () => {
    const { wrapper } = await open()
    const middle = cell(wrapper, 'Output of filter 0', 1, 1)
    await middle.trigger('pointerover')
    expect(wrapper.find('[data-testid=convolution-result]').text()).toBe('9')
    await grid(wrapper, 'Output of filter 0').trigger('pointerleave')
    expect(wrapper.find('[data-testid=convolution-result]').text()).toBe('2')
    await middle.trigger('click')
    expect(wrapper.find('[data-testid=convolution-position]').text()).toBe('5 of 18')
    await cell(wrapper, 'Output of filter 0', 1, 1).trigger('keydown', { key: 'ArrowRight' })
    expect(wrapper.find('[data-testid=convolution-position]').text()).toBe('6 of 18')
  })

  it('computes anew when a weight, an input or a bias is edited in its place', async () => {
    const { wrapper } = await open()
    await edit(wrapper, cell(wrapper, 'Filter 0, channel 0', 1, 1), '3')
    expect(numbers(wrapper, 'Output of filter 0')).toEqual(words('2 10 5 2 9 5 10 13 8'))
    await edit(wrapper, cell(wrapper, 'Bias of filter 0', 0, 0), '-0,5')
    expect(numbers(wrapper, 'Output of filter 0')[0]).toBe('0.5')
    await edit(wrapper, cell(wrapper, 'Input, channel 0', 2, 1), '12')
    expect(numbers(wrapper, 'Output of filter 0')[0]).toBe('−9.5')
    for (let n = 0; n < 3; n++) await press(wrapper, 'Undo')
    expect(numbers(wrapper, 'Output of filter 0')[1]).toBe('6')
  })

  it('leaves padding and nonsense alone', async () => {
    const { wrapper } = await open()
    await cell(wrapper, 'Input, channel 0', 0, 0).trigger('dblclick')
    expect(wrapper.find('[role=gridcell] input').exists()).toBe(false)
    await edit(wrapper, cell(wrapper, 'Input, channel 0', 1, 1), 'x')
    expect(useConvolution().canUndo).toBe(false)
  })

  it('plays by itself, product by product where wanted', async () => {
    const { wrapper } = await open()
    await press(wrapper, 'Products')
    await press(wrapper, 'To the first output')
    vi.useFakeTimers()
    await press(wrapper, 'Play')
    await vi.advanceTimersByTimeAsync(420 * 7 + 10)
    expect(wrapper.find('[data-testid=convolution-position]').text()).toBe('1 of 18 · 8/28')
    expect(wrapper.find('[data-testid=sum-line]').text()).toBe('8 of 27 products−2')
    expect(grid(wrapper, 'Output of filter 0').find('[aria-selected=true]').text()).toBe('−2')
    await press(wrapper, 'Pause')
    await vi.advanceTimersByTimeAsync(5000)
    expect(wrapper.find('[data-testid=convolution-position]').text()).toBe('1 of 18 · 8/28')
  })

  it('obeys the keys', async () => {
    const { wrapper } = await open()
    const key = async (name: string) => {
      window.dispatchEvent(new KeyboardEvent('keydown', { key: name, cancelable: true }))
      await flushPromises()
      return wrapper.find('[data-testid=convolution-position]').text()
    }
    expect(await key('End')).toBe('18 of 18')
    expect(await key('ArrowLeft')).toBe('17 of 18')
    expect(await key('Home')).toBe('1 of 18')
    expect(await key('ArrowRight')).toBe('2 of 18')
  })
})

describe('sizes', () => {
  it('that do not fit say which rule they break, and leave the case as it is', async () => {
    const { wrapper } = await open()
    await wrapper.find('#case-kernel').setValue('9')
    expect(wrapper.find('[data-testid=convolution-rule]').text()).toContain(
      'The kernel spans 9 × 9, more than the padded input of 7 × 7.K = 9 > 7 = 5 + 2 · 1 = H + 2P',
    )
    expect(numbers(wrapper, 'Output of filter 0')).toHaveLength(9)
    await wrapper.find('#case-kernel').setValue('3')
    await wrapper.find('#case-groups').setValue('2')
    expect(wrapper.find('[data-testid=convolution-rule]').text()).toContain('C mod G = 3 mod 2 = 1 ≠ 0')
    await wrapper.find('#case-groups').setValue('1')
    await wrapper.find('#case-stride').setValue('1')
    expect(wrapper.find('[data-testid=convolution-rule]').text()).toContain('(5 + 2 · 1 − 3) / 1 + 1 = 5')
    expect(numbers(wrapper, 'Output of filter 0')).toHaveLength(25)
  })

  it('of one field are wrong by themselves', async () => {
    const { wrapper } = await open()
    await wrapper.find('#case-channels').setValue('0')
    expect(wrapper.find('#case-channels-problem').text()).toBe('At least 1.')
    await press(wrapper, 'Back to the classic case')
    expect((wrapper.find('#case-channels').element as HTMLInputElement).value).toBe('3')
    await wrapper.find('#case-channels').setValue('2')
    expect(useConvolution().current?.inputShape).toEqual([2, 5, 5])
  })
})

describe('the other ways of looking', () => {
  it('lay the convolution out as a product of matrices', async () => {
    const { wrapper } = await open()
    await press(wrapper, 'Matrix')
    const columns = 'Windows as columns (im2col)'
    expect(numbers(wrapper, columns)).toHaveLength(243)
    expect(numbers(wrapper, 'Kernels as rows').slice(0, 9)).toEqual(words('−1 0 1 1 1 0 0 −1 1'))
    expect(numbers(wrapper, 'Output')).toEqual(words('2 6 5 0 9 1 6 9 6 3 3 1 6 4 3 −1 2 −1'))
    await cell(wrapper, 'Output', 1, 3).trigger('click')
    expect(wrapper.find('[data-testid=convolution-position]').text()).toBe('13 of 18')
    const lit = grid(wrapper, columns).findAll('.lit')
    expect(new Set(lit.map((one) => one.attributes('data-column')))).toEqual(new Set(['3']))
    expect(
      new Set(
        grid(wrapper, 'Kernels as rows')
          .findAll('.lit')
          .map((one) => one.attributes('data-row')),
      ),
    ).toEqual(new Set(['1']))
  })

  it('go back from the output’s gradient to those of filter, bias and input', async () => {
    const { wrapper } = await open()
    await press(wrapper, 'Backward')
    await press(wrapper, 'One step on')
    expect(numbers(wrapper, 'Gradient of filter 0, channel 0')).toEqual(words('0 0 0 1 2 1 0 1 2'))
    expect(numbers(wrapper, 'Gradient of filter 1, channel 0')).toEqual(words('0 0 0 0 0 0 0 0 0'))
    await press(wrapper, 'All outputs')
    expect(numbers(wrapper, 'Gradient of filter 0, channel 0')).toEqual(words('5 5 5 5 10 5 5 5 5'))
    expect(numbers(wrapper, 'Gradient of the bias of filter 1')).toEqual(['9'])
    const inner = numbers(wrapper, 'Gradient of the input, channel 0')
    expect(inner.slice(8, 13)).toEqual(words('0 1 0 1 0'))
    await edit(wrapper, cell(wrapper, 'Gradient of the output of filter 0', 1, 1), '-2')
    expect(numbers(wrapper, 'Gradient of the bias of filter 0')).toEqual(['6'])
    expect(numbers(wrapper, 'Gradient of filter 0, channel 0')[4]).toBe('10')
    expect(numbers(wrapper, 'Gradient of filter 0, channel 0')[3]).toBe('−1')
  })

  it('tell what a gradient adds up from', async () => {
    const { wrapper } = await open()
    await press(wrapper, 'Backward')
    await press(wrapper, 'All outputs')
    await cell(wrapper, 'Gradient of filter 0, channel 0', 1, 1).trigger('pointerover')
    expect(wrapper.find('[data-testid=gradient-sum]').text()).toContain('dw0[1, 1, 0] =')
    expect(wrapper.find('[data-testid=gradient-sum]').text()).toMatch(/=10$/)
    expect(grid(wrapper, 'Input, channel 0').findAll('.lit')).toHaveLength(9)
    expect(grid(wrapper, 'Gradient of the output of filter 1').findAll('.faint')).toHaveLength(9)
  })

  it('are one row of a large matrix, and a template', async () => {
    const { wrapper } = await open()
    await press(wrapper, 'One step on')
    await press(wrapper, 'Function mapping')
    const weights = numbers(wrapper, 'Weights of the row, channel 0')
    expect(weights.slice(0, 10)).toEqual(words('0 1 1 0 0 0 0 −1 1 0'))
    expect(wrapper.find('[data-testid=mapping-sum]').text()).toContain('= 5 + 1 = 6')
    expect(wrapper.text()).toContain('The network “Reference CNN”')
    await press(wrapper, 'Template matching')
    // The window's squares add up to 26, the filter's to 16.
    const shown = Number(wrapper.find('[data-testid=convolution-cosine]').text())
    expect(shown).toBeCloseTo(5 / Math.sqrt(26 * 16), 3)
  })
})
