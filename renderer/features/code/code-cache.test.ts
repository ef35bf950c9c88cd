import { describe, expect, it, vi } from 'vitest'
import { generatePyTorch } from '../../../shared/codegen/pytorch'
import { referenceNetwork } from '../../testing/samples'
import { cachedHighlight, statementsOf } from './code-cache'
import { highlight, type Token } from './highlight'

function textOf(lines: readonly (readonly Token[])[]): string {
  return lines.map((line) => line.map(({ text }) => text).join('')).join('\n')
}

describe('statementsOf', () => {
  it('keeps docstrings and open brackets together', () => {
    expect(statementsOf('"""a\nb"""\nx = f(\n    1,\n)\ny = 2')).toEqual(['"""a\nb"""', 'x = f(\n    1,\n)', 'y = 2'])
  })
})

describe('highlighting', () => {
  const { text } = generatePyTorch(referenceNetwork())

  it('changes no letter of the program', () => {
    expect(textOf(highlight(text))).toBe(text)
    expect(textOf(cachedHighlight(highlight)(text))).toBe(text)
  })

  it('colours statement by statement as it colours the whole', () => {
    expect(cachedHighlight(highlight)(text)).toEqual(highlight(text))
  })

  it('knows keywords, numbers, strings and comments apart', () => {
    const colours = new Map(
      highlight('import x  # why\ny = f(12, "s")')
        .flat()
        .map(({ text: word, colour }) => [word.trim(), colour]),
    )
    expect(colours.get('import')).toBe('var(--accent-text)')
    expect(colours.get('12')).toBe('var(--layer-dense)')
    expect(colours.get('"s"')).toBe('var(--result)')
    expect(colours.get('# why')).toBe('var(--ink-3)')
  })

  it('reads only what changed', () => {
    const read = vi.fn(highlight)
    const colour = cachedHighlight(read)
    colour(text)
    read.mockClear()
    colour(text.replace('kernel_size=3', 'kernel_size=5'))
    expect(read.mock.calls.length).toBeLessThanOrEqual(2)
  })
})
