import { layerKinds } from '../../layers/registry'
import type { NetworkDocument } from '../document'
import { layerById, reaches, withLayer } from './graph'
import { refuse, type Edited, type Refusal } from './result'

/** Why `from` cannot enter `to`; null when it can. A layer of one input takes the new one in place of its old one. */
export function refuseConnection(document: NetworkDocument, from: string, to: string): Refusal | null {
  const [source, target] = [layerById(document, from), layerById(document, to)]
  if (!source || !target) return refuse('unknown-layer', { id: source ? to : from }).refusal
  if (from === to) return refuse('self', { id: to }).refusal
  const arity = layerKinds.get(target.kind)?.arity
  if (!arity) return refuse('unknown-kind', { kind: target.kind }).refusal
  if (arity.max === 0) return refuse('takes-no-input', { id: to }).refusal
  if (arity.max === 1 && target.inputs[0] === from) return refuse('already-connected', { from, to }).refusal
  if (reaches(document, to, from)) return refuse('cycle', { from, to }).refusal
  if (arity.max > 1 && target.inputs.length >= arity.max) {
    return refuse('inputs-full', { id: to, max: arity.max }).refusal
  }
  return null
}

/** Lets the output of `from` enter `to`, as its last input. */
export function connect(document: NetworkDocument, from: string, to: string): Edited {
  const refusal = refuseConnection(document, from, to)
  if (refusal) return { refusal }
  const single = layerKinds.get(layerById(document, to)?.kind ?? '')?.arity.max === 1
  return {
    document: withLayer(document, to, (layer) => ({ ...layer, inputs: single ? [from] : [...layer.inputs, from] })),
    ids: [to],
  }
}

/** Takes away the input number `slot` of `to`. */
export function disconnect(document: NetworkDocument, to: string, slot: number): Edited {
  const target = layerById(document, to)
  if (target?.inputs[slot] === undefined) return refuse('unknown-layer', { id: to })
  const inputs = target.inputs.filter((_, at) => at !== slot)
  return { document: withLayer(document, to, (layer) => ({ ...layer, inputs })), ids: [to] }
}

/** Swaps the input number `slot` of `to` with the one after it: the order counts for Concatenate. */
export function swapInputs(document: NetworkDocument, to: string, slot: number): Edited {
  const target = layerById(document, to)
  const [first, second] = [target?.inputs[slot], target?.inputs[slot + 1]]
  if (!target || first === undefined || second === undefined) return refuse('unknown-layer', { id: to })
  const inputs = [...target.inputs]
  inputs.splice(slot, 2, second, first)
  return { document: withLayer(document, to, (layer) => ({ ...layer, inputs })), ids: [to] }
}
