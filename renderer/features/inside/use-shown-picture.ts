import { computed, watchEffect } from 'vue'
import type { LabelledImages } from '../../../shared/data/dataset'
import { integer } from '../../i18n/format'
import { t } from '../../i18n/text'
import { useInside, type Side } from '../../stores/inside'
import { useOwnPicture } from '../../stores/own-picture'
import { usePictures } from '../../stores/pictures'

/** The picture that a side looks at: its pixels as a batch of one (null until they are here), its class and its name. */
export function useShownPicture(side: Side) {
  const inside = useInside()
  const pictures = usePictures()
  const own = useOwnPicture()
  const picture = computed(() => (side === 'main' ? inside.picture : (inside.compare?.picture ?? inside.picture)))
  const dataset = computed(() => (side === 'main' ? inside.dataset : inside.otherDataset))
  const shape = computed(() => (side === 'main' ? inside.inputShape : inside.otherInputShape))

  watchEffect(() => {
    const { value } = picture
    if (value.type === 'dataset' && dataset.value) pictures.want(dataset.value.id, value.split, [value.index])
  })

  const images = computed<LabelledImages | null>(() => {
    const { value } = picture
    if (value.type === 'dataset') {
      return dataset.value ? pictures.find(dataset.value.id, value.split, value.index) : null
    }
    if (!shape.value) return null
    const { height, width, channels } = shape.value
    return { count: 1, shape: [height, width, channels], images: value.values, labels: new Uint8Array() }
  })
  /** The true class; null for an own picture. */
  const label = computed(() => images.value?.labels[0] ?? null)
  const name = computed(() => {
    const { value } = picture
    if (value.type === 'bytes') return t(own.isDrawing(value) ? 'pictures.drawn' : 'pictures.own')
    const n = integer(value.index + 1)
    const place = t(value.split === 'test' ? 'pictures.test' : 'pictures.train', { n })
    const known = label.value === null ? null : (dataset.value?.classes[label.value] ?? String(label.value))
    return known === null ? place : `${place} · ${known}`
  })
  return { picture, images, label, name }
}
