import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { outputCount, outputShape, placeOf } from '../../shared/convolution/case'
import { classicCase } from '../../shared/convolution/classic'
import { convolve, outputAt } from '../../shared/convolution/forward'
import { answeredCase, randomCase, withSettings, type NumberKind } from '../../shared/convolution/make'
import { settingsOf, type ConvolutionSettings } from '../../shared/convolution/settings'
import type { ConvolutionAnswer } from '../../shared/inspect/answers'
import {
  changeValue,
  changeWhole,
  redone,
  undone,
  unedited,
  withCase,
  worksheet,
  type Edited,
  type EditedTensor,
  type Worksheet,
} from '../features/convolution/worksheet'

export const convolutionTabs = ['step', 'matrix', 'backward', 'mapping', 'template'] as const
export type ConvolutionTab = (typeof convolutionTabs)[number]

/** What one step of the playback adds. */
export type Pace = 'outputs' | 'products'

interface Learned {
  readonly sheet: Worksheet
  /** As the engine computed it. */
  readonly output: Float64Array
}

/** The convolution that is stepped through: an example that can be edited, or a layer of the network with its picture. */
export const useConvolution = defineStore('convolution', () => {
  const source = ref<'example' | 'network'>('example')
  const tab = ref<ConvolutionTab>('step')
  const example = shallowRef<Edited>(unedited(worksheet(classicCase())))
  const learned = shallowRef<Learned | null>(null)
  /** What the person made of the learned layer; the run is never changed. */
  const copy = shallowRef<Edited | null>(null)
  const numbers = ref<NumberKind>('integers')
  const pace = ref<Pace>('outputs')
  /** The layer chosen elsewhere that the view has turned to; so the example can be looked at again. */
  const followed = ref<string | null>(null)
  const chosen = ref(0)
  /** The output under the pointer, which is looked at for as long as it is. */
  const hovered = ref<number | null>(null)
  /** Products of the chosen output that are added by now, the bias counting as the last one. */
  const added = ref(1)

  const edited = computed(() => (source.value === 'example' ? example.value : copy.value))
  /** Null while there is no layer to look at. */
  const sheet = computed(() => edited.value?.sheet ?? learned.value?.sheet ?? null)
  const current = computed(() => sheet.value?.case ?? null)
  const count = computed(() => (current.value ? outputCount(current.value) : 0))
  const index = computed(() => Math.min(chosen.value, Math.max(0, count.value - 1)))
  const shown = computed(() => {
    const at = hovered.value
    return at !== null && at < count.value ? at : index.value
  })
  const place = computed(() => (current.value && count.value > 0 ? placeOf(current.value, shown.value) : null))
  const filter = computed(() => place.value?.filter ?? 0)
  /** Outputs of one filter. */
  const perFilter = computed(() => {
    const [, height, width] = current.value ? outputShape(current.value) : [0, 1, 1]
    return height * width
  })
  const terms = computed(() => (current.value && place.value ? outputAt(current.value, place.value) : null))
  /** Products of one output, and its bias. */
  const parts = computed(() => {
    const [filters, ...rest] = current.value?.kernelShape ?? [0, 0, 0, 0]
    return filters === 0 ? 1 : rest.reduce((product, size) => product * size, 1) + 1
  })
  const progress = computed(() => {
    const isWhole = pace.value === 'outputs' || shown.value !== index.value
    return isWhole ? parts.value : Math.min(added.value, parts.value)
  })
  const output = computed(() => {
    if (source.value === 'network' && !copy.value && learned.value) return learned.value.output
    return current.value ? convolve(current.value) : new Float64Array()
  })
  const isCopy = computed(() => source.value === 'network' && copy.value !== null)
  const canUndo = computed(() => (edited.value?.past.length ?? 0) > 0)
  const canRedo = computed(() => (edited.value?.future.length ?? 0) > 0)

  function learn(answer: ConvolutionAnswer): void {
    learned.value = { sheet: worksheet(answeredCase(answer)), output: Float64Array.from(answer.output) }
  }

  /** Back to what the network has learned. */
  function discardCopy(): void {
    copy.value = null
  }

  function forget(): void {
    learned.value = null
    copy.value = null
  }

  function put(next: Edited): void {
    if (source.value === 'example') example.value = next
    else copy.value = next
  }

  /** What is edited from now on: the first edit of a learned layer makes a copy of it. */
  function editable(): Edited | null {
    return edited.value ?? (sheet.value ? unedited(sheet.value) : null)
  }

  function setValue(tensor: EditedTensor, at: number, value: number): void {
    const from = editable()
    const next = from && changeValue(from, tensor, at, value)
    if (next && next !== from) put(next)
  }

  /** `settings` are sound. `merge` names what is being typed. */
  function applySettings(settings: ConvolutionSettings, merge: string): void {
    const from = editable()
    if (!from) return
    const next = withSettings(from.sheet.case, settings, numbers.value, freshSeed())
    put(changeWhole(from, withCase(from.sheet, next), merge))
  }

  function randomise(): void {
    const from = editable()
    if (!from) return
    const next = randomCase(settingsOf(from.sheet.case), numbers.value, freshSeed())
    put(changeWhole(from, withCase(from.sheet, next)))
  }

  /** The classic example again; can be undone. */
  function reset(): void {
    numbers.value = 'integers'
    chosen.value = 0
    added.value = 1
    put(changeWhole(example.value, worksheet(classicCase())))
  }

  function undo(): void {
    if (edited.value) put(undone(edited.value))
  }

  function redo(): void {
    if (edited.value) put(redone(edited.value))
  }

  /** Looks at an output; with `products`, before its first product is added. */
  function choose(at: number, products = parts.value): void {
    chosen.value = Math.min(Math.max(0, at), Math.max(0, count.value - 1))
    added.value = products
  }

  /** Looks at an output of one filter while the pointer is there; null where it has left. */
  function hoverIn(map: number, at: number | null): void {
    hovered.value = at === null ? null : map * perFilter.value + at
  }

  function chooseIn(map: number, at: number): void {
    hovered.value = null
    choose(map * perFilter.value + at)
  }

  /** The same place of another filter. */
  function chooseFilter(next: number): void {
    choose(next * perFilter.value + (index.value % perFilter.value))
  }

  /** One step on or back; false where there is none. */
  function step(direction: 1 | -1): boolean {
    if (pace.value === 'products') {
      const next = progress.value + direction
      if (next >= 1 && next <= parts.value) {
        added.value = next
        return true
      }
    }
    const at = index.value + direction
    if (at < 0 || at >= count.value) return false
    choose(at, direction === 1 && pace.value === 'products' ? 1 : parts.value)
    return true
  }

  return {
    source,
    tab,
    numbers,
    pace,
    followed,
    hovered,
    sheet,
    current,
    count,
    index,
    shown,
    place,
    filter,
    perFilter,
    terms,
    parts,
    progress,
    output,
    isCopy,
    canUndo,
    canRedo,
    learn,
    discardCopy,
    forget,
    setValue,
    applySettings,
    randomise,
    reset,
    undo,
    redo,
    choose,
    hoverIn,
    chooseIn,
    chooseFilter,
    step,
  }
})

function freshSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0
}
