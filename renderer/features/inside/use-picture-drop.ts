import { useEventListener } from '@vueuse/core'
import { ref, type Ref } from 'vue'
import { t } from '../../i18n/text'
import { useInside } from '../../stores/inside'
import { useOwnPicture } from '../../stores/own-picture'

/** Takes pictures that are dropped on the window or pasted, while a network is looked into. */
export function usePictureDrop(): { readonly dropping: Readonly<Ref<boolean>> } {
  const inside = useInside()
  const own = useOwnPicture()
  const dropping = ref(false)

  // In the capturing phase, before the window takes every file for a network's.
  const capture = { capture: true }
  useEventListener(
    window,
    'dragover',
    (event) => {
      dropping.value = inside.run !== null && isPicture(event.dataTransfer?.items)
      if (!dropping.value || !event.dataTransfer) return
      event.preventDefault()
      event.dataTransfer.dropEffect = 'copy'
    },
    capture,
  )
  useEventListener(window, 'dragleave', (event) => {
    if (event.relatedTarget === null) dropping.value = false
  })
  useEventListener(
    window,
    'drop',
    (event) => {
      dropping.value = false
      if (!inside.run || !isPicture(event.dataTransfer?.items)) return
      event.preventDefault()
      take(event.dataTransfer?.files[0])
    },
    capture,
  )
  useEventListener(window, 'paste', (event) => {
    const file = Array.from(event.clipboardData?.files ?? []).find(({ type }) => type.startsWith('image/'))
    if (!inside.run || !file) return
    event.preventDefault()
    take(file)
  })

  function take(file: File | undefined): void {
    if (file) void own.open(file, file.name || t('pictures.own'))
  }

  return { dropping }
}

function isPicture(items: DataTransferItemList | undefined): boolean {
  const [first] = items ?? []
  return first?.kind === 'file' && first.type.startsWith('image/')
}
