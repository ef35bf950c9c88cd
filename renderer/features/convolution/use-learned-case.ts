import { computed, watch } from 'vue'
import { useConvolution } from '../../stores/convolution'
import { useInside } from '../../stores/inside'
import { useAnswer } from '../inside/use-answer'

/**
 * The convolution of the network that is looked at, with the picture that is looked at. A layer that is chosen elsewhere
 * turns the view to it.
 */
export function useLearnedCase() {
  const store = useConvolution()
  const inside = useInside()
  const layers = computed(() => inside.analysis?.layers.filter(({ kind }) => kind.kind === 'conv2d') ?? [])
  const layer = computed<string | null>({
    get() {
      const known = layers.value.find(({ node }) => node.id === inside.layer) ?? layers.value[0]
      return known?.node.id ?? null
    },
    set: (id) => (inside.layer = id),
  })
  const { answer, error, busy, retry } = useAnswer<'convolution'>(() =>
    store.source === 'network' && layer.value !== null
      ? { type: 'convolution', picture: inside.picture, layer: layer.value }
      : null,
  )

  watch(
    [() => inside.layer, layers],
    ([wanted]) => {
      if (wanted === store.followed || !layers.value.some(({ node }) => node.id === wanted)) return
      store.followed = wanted
      store.source = 'network'
    },
    { immediate: true },
  )
  watch(answer, (found) => {
    if (found) store.learn(found)
    else store.forget()
  })
  watch([() => inside.run?.id, layer, () => store.source], () => store.choose(0))
  // A copy was made of what was looked at, and of nothing else.
  watch([() => inside.run?.id, () => inside.moment, () => inside.picture, layer], () => store.discardCopy())

  return { layers, layer, error, busy, retry }
}
