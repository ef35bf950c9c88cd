import { computed } from 'vue'
import { t } from '../../i18n/text'
import { useExplain } from '../../stores/explain'
import { useInside } from '../../stores/inside'
import { firstLook, unitLayers } from './unit-layers'

/** The unit that is looked at: a layer of the network and one of its channels. */
export function useUnit() {
  const inside = useInside()
  const explain = useExplain()

  const layers = computed(() => (inside.analysis ? unitLayers(inside.analysis) : []))
  const layer = computed(() => layers.value.find(({ id }) => id === inside.layer) ?? firstLook(layers.value))
  const channel = computed({
    get: () => Math.min(explain.channel, Math.max(0, (layer.value?.channels ?? 1) - 1)),
    set: (value) => (explain.channel = value),
  })
  const name = computed(() => (layer.value ? nameOf(channel.value) : ''))

  /** Of a channel of the layer; an output's is its class. */
  function nameOf(at: number): string {
    const { id = '', isOutput = false } = layer.value ?? {}
    const unit = isOutput ? (inside.dataset?.classes[at] ?? String(at)) : t('explain.channelNumber', { n: at + 1 })
    return t('explain.unitName', { layer: id, unit })
  }

  return { layers, layer, channel, name, nameOf }
}
