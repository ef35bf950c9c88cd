import { computed, ref, watch } from 'vue'
import { locales, type LayerCategory, type LayerKind } from '../../../shared/layers/define'
import { layerKinds } from '../../../shared/layers/registry'

const order: readonly LayerCategory[] = [
  'input',
  'convolution',
  'normalization',
  'activation',
  'pooling',
  'dense',
  'regularization',
  'shape',
  'merge',
]
/** What most networks are made of stands first in its category. */
const usual: readonly string[] = ['conv2d', 'batch_norm2d', 'relu', 'max_pool2d', 'flatten', 'dropout', 'add']

/** Layer kinds by category, narrowed by what is typed, one of which the arrow keys point at. */
export function useKindSearch(offered: (kind: LayerKind) => boolean = () => true) {
  const filter = ref('')
  const active = ref(0)
  const groups = computed(() =>
    order.flatMap((category) => {
      const kinds = [...layerKinds.values()]
        .filter((kind) => kind.category === category && offered(kind) && isCalled(kind, filter.value))
        .sort((a, b) => Number(usual.includes(b.kind)) - Number(usual.includes(a.kind)))
      return kinds.length > 0 ? [{ category, kinds }] : []
    }),
  )
  const found = computed(() => groups.value.flatMap((group) => group.kinds))
  const pointed = computed(() => found.value[active.value])
  /** What begins as it is typed is meant sooner than what merely holds it: MaxPool2d, not Softmax, by `max`. */
  watch(filter, (text) => {
    const rank = (kind: LayerKind) => Math.min(...namesOf(kind).map((name) => place(name, text)))
    const ranks = found.value.map(rank)
    active.value = Math.max(0, ranks.indexOf(Math.min(...ranks)))
  })

  function move(step: 1 | -1): void {
    const count = Math.max(1, found.value.length)
    active.value = (active.value + step + count) % count
  }

  return { filter, groups, found, pointed, move }
}

/** By its name in any language, as people know the names of PyTorch whatever language they read. */
function isCalled(kind: LayerKind, text: string): boolean {
  return namesOf(kind).some((name) => place(name, text) < 2)
}

function namesOf({ kind, text, aliases = [] }: LayerKind): readonly string[] {
  return [...locales.map((one) => text[one].label), kind, ...aliases]
}

/** 0 for a name that begins with the text, 1 for one that holds it elsewhere, else 2. */
function place(name: string, text: string): 0 | 1 | 2 {
  const at = plain(name).indexOf(plain(text))
  return at < 0 ? 2 : at === 0 ? 0 : 1
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[\s_-]/g, '')
}
