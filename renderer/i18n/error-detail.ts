import type { WireError } from '../../shared/errors'
import { targetProblems } from '../../shared/exports/exports'
import { locale, t, type TextKey } from './text'

type Shown = Pick<WireError, 'kind' | 'message'> & Partial<Pick<WireError, 'params'>>

const quantities = ['loss', 'validation-loss', 'test-loss', 'weight'] as const
const culprits = ['weight', 'output', 'gradient', 'loss'] as const

/** What exactly went wrong, in the window's language where the error says enough for it, else in English. */
export function errorDetail({ kind, message, params = {} }: Shown): string {
  if (locale.value === 'en') return message
  const problem = targetProblems.find((name) => name === params['problem'])
  if (problem !== undefined) return t(`exports.problem.${problem}`, params)
  if (kind !== 'not-a-number') return message
  const quantity = quantities.find((name) => name === params['quantity'])
  // Stored by a version that knew only the sentence.
  if (quantity === undefined) return message
  const culprit = culprits.find((name) => name === params['culprit'])
  const sentences: TextKey[] = [
    `notANumber.when-${quantity}`,
    ...(culprit === undefined ? [] : [`notANumber.culprit-${culprit}` as const]),
    params['checkpoint'] ? 'notANumber.kept' : 'notANumber.notKept',
  ]
  return sentences.map((key) => t(key, params)).join('')
}
