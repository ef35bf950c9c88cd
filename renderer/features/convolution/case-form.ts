import {
  convolutionSettingsSchema,
  settingsProblem,
  type ConvolutionSettings,
} from '../../../shared/convolution/settings'
import type { ShapeProblem } from '../../../shared/layers/define'
import { ruleOf, type FormProblem } from '../training/rules'

/** The settings as typed: numbers where they are numbers. */
export interface CaseDraft {
  readonly size: unknown
  readonly channels: unknown
  readonly filters: unknown
  readonly kernel: unknown
  readonly stride: unknown
  /** `[top and bottom, left and right]`, or the first two of four where each side counts by itself. */
  readonly padding: unknown
  /** `[bottom, right]` where each side counts by itself; null where not. */
  readonly farPadding: unknown
  readonly dilation: unknown
  readonly groups: unknown
  readonly bias: boolean
}
export type CaseField = keyof CaseDraft

export interface DraftCheck {
  /** Null while something is wrong. */
  readonly settings: ConvolutionSettings | null
  /** Settings that are each possible, though not together. */
  readonly parsed: ConvolutionSettings | null
  readonly fields: ReadonlyMap<CaseField, FormProblem>
  /** The rule that they break together. */
  readonly problem: ShapeProblem | null
}

export function draftOf(settings: ConvolutionSettings, perSide: boolean): CaseDraft {
  const { height, width, channels, filters, kernel, stride, padding, dilation, groups, bias } = settings
  return {
    size: [height, width],
    channels,
    filters,
    kernel: [...kernel],
    stride: [...stride],
    padding: [padding.top, padding.left],
    farPadding: perSide ? [padding.bottom, padding.right] : null,
    dilation: [...dilation],
    groups,
    bias,
  }
}

export function checkDraft(draft: CaseDraft): DraftCheck {
  const [height, width] = pairOf(draft.size)
  const [top, left] = pairOf(draft.padding)
  const [bottom, right] = draft.farPadding === null ? [top, left] : pairOf(draft.farPadding)
  const parsed = convolutionSettingsSchema.safeParse({
    height,
    width,
    channels: draft.channels,
    filters: draft.filters,
    kernel: pairOf(draft.kernel),
    stride: pairOf(draft.stride),
    padding: { top, bottom, left, right },
    dilation: pairOf(draft.dilation),
    groups: draft.groups,
    bias: draft.bias,
  })
  if (!parsed.success) {
    const fields = new Map<CaseField, FormProblem>()
    for (const issue of parsed.error.issues) {
      const field = fieldOf(issue.path, draft)
      if (!fields.has(field)) fields.set(field, ruleOf(issue))
    }
    return { settings: null, parsed: null, fields, problem: null }
  }
  const problem = settingsProblem(parsed.data)
  return { settings: problem ? null : parsed.data, parsed: parsed.data, fields: new Map(), problem }
}

/** One value stands for both. */
function pairOf(value: unknown): readonly [unknown, unknown] {
  return Array.isArray(value) ? [value[0], value[1]] : [value, value]
}

function fieldOf([name, side]: readonly PropertyKey[], draft: CaseDraft): CaseField {
  if (name === 'height' || name === 'width') return 'size'
  if (name === 'padding' && draft.farPadding !== null && (side === 'bottom' || side === 'right')) return 'farPadding'
  return name as CaseField
}
