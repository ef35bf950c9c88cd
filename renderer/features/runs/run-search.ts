import type { RunSummary } from '../../../shared/ipc/contract'
import { outcomeOf } from '../training/run-facts'
import { settingsOf, type SettingValue } from './run-settings'

/** Short names that people type for settings. */
const aliases: Readonly<Record<string, string>> = {
  lr: 'learning_rate',
  rate: 'learning_rate',
  batch: 'batch_size',
  bs: 'batch_size',
  opt: 'optimizer',
  data: 'dataset',
  wd: 'weight_decay',
}

interface Term {
  /** Null for a word that may stand anywhere. */
  readonly field: string | null
  readonly relation: '=' | '<' | '>' | '<=' | '>='
  readonly wanted: string
}

/**
 * What runs are searched by: words that occur anywhere (`"two words"` together), and settings such as `lr:0.001`,
 * `optimizer:adam`, `accuracy:>0.98`, `tag:wide`. All of them must hold.
 */
export function readSearch(text: string): readonly Term[] {
  return [...text.toLowerCase().matchAll(/([\p{L}_.\d]+):(<=|>=|<|>|=)?("[^"]*"|\S+)|"([^"]*)"|(\S+)/gu)].flatMap(
    ([, field, relation, value, quoted, word]): Term[] => {
      if (field !== undefined && value !== undefined) {
        const name = aliases[field] ?? field
        return [{ field: name, relation: (relation ?? '=') as Term['relation'], wanted: value.replaceAll('"', '') }]
      }
      const wanted = (quoted ?? word ?? '').trim()
      return wanted === '' ? [] : [{ field: null, relation: '=', wanted }]
    },
  )
}

/** `words` is all that is written about the run. */
export function matches(run: RunSummary, terms: readonly Term[], words: (run: RunSummary) => string): boolean {
  if (terms.length === 0) return true
  const text = words(run).toLowerCase()
  return terms.every((term) => (term.field === null ? text.includes(term.wanted) : hasValue(run, term.field, term)))
}

function hasValue(run: RunSummary, field: string, term: Term): boolean {
  const values = valuesOf(run, field)
  // `note:` of a name that no setting has is just a word with a colon in it.
  return values.some((value) => value !== null && isLike(value, term))
}

function valuesOf(run: RunSummary, field: string): readonly SettingValue[] {
  switch (field) {
    case 'tag':
      return run.tags
    case 'name':
      return [run.name]
    case 'network':
      return [run.networkName]
    case 'note':
      return [run.note]
    case 'state':
      return [run.state.type]
    case 'accuracy':
      return [outcomeOf(run)?.accuracy ?? null]
    case 'loss': {
      const [value] = [outcomeOf(run)?.loss ?? null]
      return [value, settingsOf(run).get('loss') ?? null]
    }
    default:
      return [...settingsOf(run)].flatMap(([name, value]) =>
        name === field || name.endsWith(`.${field}`) ? [value] : [],
      )
  }
}

function isLike(value: NonNullable<SettingValue>, { relation, wanted }: Term): boolean {
  const [left, right] = [Number(value), Number(wanted)]
  const isNumber = typeof value === 'number' && wanted !== '' && !Number.isNaN(right)
  if (isNumber) {
    if (relation === '=') return Math.abs(left - right) <= 1e-9 * Math.abs(right)
    if (relation === '<') return left < right
    if (relation === '>') return left > right
    return relation === '<=' ? left <= right : left >= right
  }
  return relation === '=' && String(value).toLowerCase().includes(wanted)
}
