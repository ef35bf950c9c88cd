import { describe, expect, it } from 'vitest'
import { nextTick } from 'vue'
import { useKindSearch } from './use-kind-search'

async function pointedBy(text: string): Promise<string | undefined> {
  const { filter, pointed } = useKindSearch()
  filter.value = text
  await nextTick()
  return pointed.value?.kind
}

describe('looking for a layer', () => {
  it.each([
    ['max', 'max_pool2d'],
    ['elu', 'elu'],
    ['avg', 'avg_pool2d'],
    ['conv', 'conv2d'],
    ['batch norm', 'batch_norm2d'],
  ])('points at what begins with “%s”, wherever it stands in the list', async (text, kind) => {
    expect(await pointedBy(text)).toBe(kind)
  })
  it.each([
    ['Dense', 'linear'],
    ['skip', 'add'],
    ['swish', 'silu'],
    ['MaxPooling2D', 'max_pool2d'],
    ['全连接', 'linear'],
  ])('knows what others call “%s”', async (text, kind) => {
    expect(await pointedBy(text)).toBe(kind)
  })
  it('finds nothing by a name that no layer has', async () => {
    expect(await pointedBy('transformer')).toBeUndefined()
  })
})
