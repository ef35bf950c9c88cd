import { computed, ref, watch } from 'vue'
import { channelsOf, type ConvolutionCase } from '../../../shared/convolution/case'

/** The input channels that are shown at once; the page follows the group of the filter that is looked at. */
export function useChannelPage(of: () => ConvolutionCase, filter: () => number, perPage: () => number) {
  const chosen = ref(0)
  const page = computed({
    get: () => Math.min(chosen.value, Math.ceil(of().inputShape[0] / perPage()) - 1),
    set: (value) => (chosen.value = value),
  })
  const channels = computed(() => {
    const first = page.value * perPage()
    return Array.from({ length: Math.min(perPage(), of().inputShape[0] - first) }, (_, at) => first + at)
  })
  watch(
    () => channelsOf(of(), filter()),
    ({ first, count }) => {
      // The page of another group would show no kernel.
      const shown = page.value * perPage()
      if (first >= shown + perPage() || first + count <= shown) page.value = Math.floor(first / perPage())
    },
  )
  return { page, channels }
}
