import type { NamedTensor, NamedTensors } from '../../formats/tensors'
import { elementCount } from '../../network/shape'
import type { FileTensor, WeightFile } from './file'
import { plainName, plainTensorName } from './names'
import type { WeightTarget } from './targets'
import { turned, turnsThatFit, type Turn } from './turns'

/** What a weight gets. */
export interface Assignment {
  /** Of the file. */
  readonly tensor: string
  /** Null where it does not fit. */
  readonly turn: Turn | null
  readonly how: 'name' | 'order' | 'chosen'
}

/** By our weights' names; those that are missing keep what they begin with. */
export type WeightMapping = ReadonlyMap<string, Assignment>

/** Assigns tensors to weights: by name, then layer by layer in order of both where sizes and roles fit, then one by one. */
export function matchWeights(targets: readonly WeightTarget[], file: WeightFile): WeightMapping {
  const mapping = new Map<string, Assignment>()
  const unused = new Set(file.tensors)
  const names = new Map(file.tensors.map((tensor) => [tensor, plainTensorName(tensor.name)]))

  function assign(target: WeightTarget, tensor: FileTensor, how: Assignment['how']): void {
    mapping.set(target.name, { tensor: tensor.name, turn: bestTurn(tensor, target, file), how })
    unused.delete(tensor)
  }
  const isFree = (target: WeightTarget) => !mapping.has(target.name)

  for (const target of targets) {
    const tensor = byName(target, [...unused], names, file)
    if (tensor) assign(target, tensor, 'name')
  }
  for (const layer of grouped(targets.filter(isFree), ({ layer }) => layer)) {
    const pairs = layerInOrder(layer, [...unused], file)
    for (const [target, tensor] of pairs ?? []) assign(target, tensor, 'order')
  }
  for (const target of targets.filter(isFree)) {
    const tensor = [...unused].find((one) => one.role === null && bestTurn(one, target, file) !== null)
    if (tensor) assign(target, tensor, 'order')
  }
  // Of the right name, and nothing else fits: better to show why than to leave it out.
  for (const target of targets.filter(isFree)) {
    const [only, another] = [...unused].filter((tensor) => names.get(tensor)?.endsWith(plainName(target.name)) === true)
    if (only && !another) assign(target, only, 'name')
  }
  return mapping
}

/** The one tensor of the weight's name, fitting or not; else the one whose name ends so and that fits. */
function byName(
  target: WeightTarget,
  unused: readonly FileTensor[],
  names: ReadonlyMap<FileTensor, string>,
  file: WeightFile,
): FileTensor | null {
  // Keras names the bias of a separable convolution by the layer alone.
  const short = `${target.layer}.${target.spec.name.split('.').at(-1) ?? ''}`
  for (const name of new Set([target.name, short].map(plainName))) {
    const [only, another] = unused.filter((tensor) => tensor.name === target.name || names.get(tensor) === name)
    if (only && !another) return only
    const [last, other] = unused.filter((tensor) => names.get(tensor)?.endsWith(name) === true)
    if (last && !other && bestTurn(last, target, file) !== null) return last
  }
  return null
}

/** The first of the file's layers that has a fitting tensor for every weight; null where none has. */
function layerInOrder(
  layer: readonly WeightTarget[],
  unused: readonly FileTensor[],
  file: WeightFile,
): (readonly [WeightTarget, FileTensor])[] | null {
  for (const group of grouped(unused, ({ group }) => group)) {
    const pairs = layer.flatMap((target) => {
      const tensor = group.find((one) => one.role === target.spec.name && bestTurn(one, target, file) !== null)
      return tensor ? [[target, tensor] as const] : []
    })
    if (pairs.length === layer.length) return pairs
  }
  return null
}

function grouped<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>()
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item])
  return [...groups.values()]
}

function bestTurn(tensor: FileTensor, target: WeightTarget, file: WeightFile): Turn | null {
  return turnsThatFit(tensor.shape, target, file.channelsLast)[0] ?? null
}

/** The mapping after a person chose a tensor for a weight, or none; `turn` where several fit. */
export function chooseTensor(
  mapping: WeightMapping,
  target: WeightTarget,
  file: WeightFile,
  tensor: string | null,
  turn?: Turn,
): WeightMapping {
  const changed = new Map(mapping)
  const found = file.tensors.find(({ name }) => name === tensor)
  if (!found) changed.delete(target.name)
  else changed.set(target.name, { tensor: found.name, turn: turn ?? bestTurn(found, target, file), how: 'chosen' })
  return changed
}

export type Misfit =
  /** Other numbers of values. */
  | { readonly code: 'count'; readonly theirs: number; readonly ours: number }
  /** As many values, in an order that cannot be known. */
  | { readonly code: 'shape' }

/** Why a tensor cannot become a weight; null where it can. */
export function misfitOf(tensor: FileTensor, target: WeightTarget, file: WeightFile): Misfit | null {
  if (bestTurn(tensor, target, file) !== null) return null
  const [theirs, ours] = [elementCount(tensor.shape), elementCount(target.spec.shape)]
  return theirs === ours ? { code: 'shape' } : { code: 'count', theirs, ours }
}

/** The weights that the mapping gives, in PyTorch's layouts; without those that do not fit. */
export function mappedWeights(
  targets: readonly WeightTarget[],
  file: WeightFile,
  mapping: WeightMapping,
): NamedTensors {
  const byTensor = new Map(file.tensors.map((tensor) => [tensor.name, tensor]))
  const weights = new Map<string, NamedTensor>()
  for (const target of targets) {
    const { tensor, turn } = mapping.get(target.name) ?? {}
    const found = byTensor.get(tensor ?? '')
    if (found && turn) weights.set(target.name, turned(found, target, turn))
  }
  return weights
}
