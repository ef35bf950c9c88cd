import type { Random } from '../training/random'
import type { Domain, PlanValue } from './plan'

/** The values that a grid takes, in order and each once. */
export function gridValues(domain: Domain): PlanValue[] {
  switch (domain.type) {
    case 'choice':
      return distinct(domain.values)
    case 'uniform':
      return spread(domain.steps, (share) => tidy(domain.min + share * (domain.max - domain.min)))
    case 'log-uniform':
      return spread(domain.steps, (share) => tidy(domain.min * (domain.max / domain.min) ** share))
    case 'integer':
      return distinct(spread(domain.steps, (share) => Math.round(domain.min + share * (domain.max - domain.min))))
  }
}

/** One value at random. */
export function drawValue(domain: Domain, random: Random): PlanValue {
  const share = random.uniform()
  switch (domain.type) {
    case 'choice':
      return domain.values[Math.floor(share * domain.values.length)] ?? null
    case 'uniform':
      return tidy(domain.min + share * (domain.max - domain.min))
    case 'log-uniform':
      return tidy(domain.min * (domain.max / domain.min) ** share)
    case 'integer':
      return domain.min + Math.floor(share * (domain.max - domain.min + 1))
  }
}

function spread(steps: number, at: (share: number) => number): number[] {
  return Array.from({ length: steps }, (_, index) => at(index / (steps - 1)))
}

/** Six digits: 0.001 rather than 0.0010000000000000002, and no setting is finer than that. */
function tidy(value: number): number {
  return Number(value.toPrecision(6))
}

function distinct(values: readonly PlanValue[]): PlanValue[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()]
}
