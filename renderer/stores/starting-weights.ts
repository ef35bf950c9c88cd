import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { AppError } from '../../shared/errors'
import { writeSafetensors } from '../../shared/formats/safetensors'
import type { NamedTensors } from '../../shared/formats/tensors'
import type { ImportParams } from '../../shared/import/report'
import type { WeightFileCode } from '../../shared/import/weights/failure'
import { weightFileOf, type WeightFile } from '../../shared/import/weights/file'
import {
  chooseTensor,
  mappedWeights,
  matchWeights,
  type Assignment,
  type WeightMapping,
} from '../../shared/import/weights/mapping'
import { weightTargets, type WeightTarget } from '../../shared/import/weights/targets'
import type { Turn } from '../../shared/import/weights/turns'
import { mostImportBytes } from '../../shared/import/source'
import type { ReadImportFile } from '../../shared/ipc/document-calls'
import { call } from '../api/bridge'
import { readBesideWindow } from '../features/import-weights/reading'
import { useNetwork } from './network'
import { useToasts } from './toasts'

export interface WeightFileProblem {
  readonly code: WeightFileCode
  readonly params: ImportParams
}

/** Weights of a file that the next run begins with, and which tensor of it becomes which weight of the network. */
export const useStartingWeights = defineStore('starting-weights', () => {
  const network = useNetwork()
  const toasts = useToasts()
  const dialogOpen = ref(false)
  const reading = ref(false)
  const problem = shallowRef<WeightFileProblem | null>(null)
  const file = shallowRef<WeightFile | null>(null)
  /** The next run begins with them; before, they are only looked at. */
  const used = ref(false)
  /** What the person chose, by weight; null for none. The rest follows from the network and the file. */
  const choices = shallowRef<ReadonlyMap<string, Assignment | null>>(new Map())

  const targets = computed<readonly WeightTarget[]>(() => (network.analysis ? weightTargets(network.analysis) : []))
  const mapping = computed<WeightMapping>(() => {
    if (!file.value) return new Map()
    const found = new Map(matchWeights(targets.value, file.value))
    const names = new Set(targets.value.map(({ name }) => name))
    for (const [name, choice] of choices.value) {
      if (!names.has(name)) continue
      if (choice === null) found.delete(name)
      else found.set(name, choice)
    }
    return found
  })
  const fitting = computed(() => targets.value.filter(({ name }) => mapping.value.get(name)?.turn != null).length)

  /** Reads a file, or asks for one where `path` is null, and shows its table. */
  async function choose(path: string | null = null): Promise<void> {
    const read = await toasts.guard(() => call('weights.read', { path }))
    if (read) await take(read)
  }

  /** A file that was dropped on the window. */
  async function drop(dropped: File): Promise<void> {
    const { name, size } = dropped
    const read: ReadImportFile | null =
      size > mostImportBytes
        ? { type: 'too-large', name, size, most: mostImportBytes }
        : await toasts.guard(async () => ({ type: 'read', name, bytes: new Uint8Array(await dropped.arrayBuffer()) }))
    if (read) await take(read)
  }

  async function take(read: ReadImportFile): Promise<void> {
    dialogOpen.value = true
    if (read.type === 'too-large') {
      show(null, { code: 'too-large', params: { source: read.name, size: read.size, most: read.most } })
      return
    }
    reading.value = true
    const answer = await toasts.guard(() => readBesideWindow(read))
    reading.value = false
    if (answer?.type === 'read') show(answer.file, null)
    if (answer?.type === 'failed') show(null, { code: answer.code, params: answer.params })
    if (answer?.type === 'crash') toasts.report(new AppError('internal', answer.message))
  }

  function show(next: WeightFile | null, failure: WeightFileProblem | null): void {
    file.value = next
    problem.value = failure
    used.value = false
    choices.value = new Map()
  }

  /** The weights that came with an imported network, by its layers' names. */
  function useTensors(name: string, tensors: NamedTensors): void {
    show(weightFileOf(name, 'onnx', tensors), null)
    used.value = true
  }

  function assign(target: WeightTarget, tensor: string | null, turn?: Turn): void {
    if (!file.value) return
    const next = chooseTensor(mapping.value, target, file.value, tensor, turn).get(target.name) ?? null
    choices.value = new Map(choices.value).set(target.name, next)
  }

  function use(): void {
    used.value = fitting.value > 0
    dialogOpen.value = false
  }

  function clear(): void {
    show(null, null)
  }

  /** What the next run begins with, as safetensors; null for random weights. */
  function bytes(): Uint8Array<ArrayBuffer> | null {
    if (!used.value || !file.value || fitting.value === 0) return null
    return writeSafetensors(mappedWeights(targets.value, file.value, mapping.value), { source: file.value.name })
  }

  return {
    dialogOpen,
    reading,
    problem,
    file,
    used,
    targets,
    mapping,
    fitting,
    choose,
    drop,
    useTensors,
    assign,
    use,
    clear,
    bytes,
  }
})
