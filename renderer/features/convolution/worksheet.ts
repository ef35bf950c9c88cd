import { outputCount, type CaseTensor, type ConvolutionCase } from '../../../shared/convolution/case'
import { withValue } from '../../../shared/convolution/make'

/** A case and the gradient that enters its backward step, `[filters, height, width]`. */
export interface Worksheet {
  readonly case: ConvolutionCase
  readonly gradient: Float64Array
}

export type EditedTensor = CaseTensor | 'gradient'

type Change =
  | {
      readonly type: 'value'
      readonly tensor: EditedTensor
      readonly index: number
      readonly before: number
      readonly after: number
    }
  | { readonly type: 'whole'; readonly before: Worksheet; readonly after: Worksheet; readonly merge: string | null }

/** A worksheet and what was done to it. Never changed in place. */
export interface Edited {
  readonly sheet: Worksheet
  readonly past: readonly Change[]
  readonly future: readonly Change[]
}

const historyLimit = 200

/** Every output counts alike, until the gradient is edited. */
export function worksheet(of: ConvolutionCase): Worksheet {
  return { case: of, gradient: new Float64Array(outputCount(of)).fill(1) }
}

/** Another case; the gradient stays where it still fits. */
export function withCase({ gradient }: Worksheet, of: ConvolutionCase): Worksheet {
  return gradient.length === outputCount(of) ? { case: of, gradient } : worksheet(of)
}

export function unedited(sheet: Worksheet): Edited {
  return { sheet, past: [], future: [] }
}

export function changeValue(edited: Edited, tensor: EditedTensor, index: number, value: number): Edited {
  const before = tensor === 'gradient' ? edited.sheet.gradient[index] : edited.sheet.case[tensor]?.[index]
  if (before === undefined || before === value) return edited
  return done(edited, { type: 'value', tensor, index, before, after: value })
}

/** Puts another worksheet. Changes of one `merge` that follow each other are one step: a size that is being typed. */
export function changeWhole(edited: Edited, after: Worksheet, merge: string | null = null): Edited {
  const last = edited.past.at(-1)
  const joins = merge !== null && last?.type === 'whole' && last.merge === merge
  if (!joins) return done(edited, { type: 'whole', before: edited.sheet, after, merge })
  return done({ ...edited, past: edited.past.slice(0, -1) }, { type: 'whole', before: last.before, after, merge })
}

export function undone(edited: Edited): Edited {
  const change = edited.past.at(-1)
  if (!change) return edited
  return {
    sheet: applied(edited.sheet, change, change.before),
    past: edited.past.slice(0, -1),
    future: [...edited.future, change],
  }
}

export function redone(edited: Edited): Edited {
  const change = edited.future.at(-1)
  if (!change) return edited
  return {
    sheet: applied(edited.sheet, change, change.after),
    // What is typed next is a step of its own.
    past: [...edited.past, change.type === 'whole' ? { ...change, merge: null } : change],
    future: edited.future.slice(0, -1),
  }
}

function done(edited: Edited, change: Change): Edited {
  return {
    sheet: applied(edited.sheet, change, change.after),
    past: [...edited.past.slice(1 - historyLimit), change],
    future: [],
  }
}

function applied(sheet: Worksheet, change: Change, to: number | Worksheet): Worksheet {
  if (typeof to !== 'number') return to
  if (change.type === 'whole') return sheet
  if (change.tensor !== 'gradient') return { ...sheet, case: withValue(sheet.case, change.tensor, change.index, to) }
  const gradient = sheet.gradient.slice()
  gradient[change.index] = to
  return { ...sheet, gradient }
}
