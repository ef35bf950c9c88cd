import { nextTick, ref } from 'vue'
import { formatPlain, readNumber } from '../../lib/number-format'

/** Of a grid's cells, the padding counted. */
export type CellPlace = readonly [row: number, column: number]

/** A new number that is typed into one cell of a grid. */
export function useCellEdit(options: {
  readonly root: () => HTMLElement | null
  /** Null where the cell cannot be edited. */
  readonly valueAt: (at: CellPlace) => number | null
  readonly onEdit: (at: CellPlace, value: number) => void
  readonly onReturn: (at: CellPlace) => void
}) {
  const editing = ref<{ readonly row: number; readonly column: number; readonly text: string } | null>(null)

  /** `text` is what was typed already; without it the cell's number is there to be replaced. */
  async function start(at: CellPlace, text: string | null = null): Promise<void> {
    const value = options.valueAt(at)
    if (value === null) return
    editing.value = { row: at[0], column: at[1], text: text ?? formatPlain(value) }
    await nextTick()
    const input = options.root()?.querySelector('input')
    input?.focus()
    if (text === null) input?.select()
  }

  /** What is no number changes nothing. */
  function finish(keep: boolean, refocus = false): void {
    if (!editing.value) return
    const { row, column, text } = editing.value
    editing.value = null
    const value = readNumber(text.replace('−', '-'))
    if (keep && value !== null) options.onEdit([row, column], value)
    if (refocus) options.onReturn([row, column])
  }

  return { editing, start, finish }
}
