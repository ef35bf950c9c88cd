import { useExplain } from '../../stores/explain'
import { useInside } from '../../stores/inside'
import { useMistakes } from './use-mistakes'

/** Shows a picture of the split, and why the network answers as it does. */
export function useOpenPicture(): (index: number) => void {
  const inside = useInside()
  const explain = useExplain()
  const mistakes = useMistakes()

  return function open(index) {
    inside.picture = { type: 'dataset', split: mistakes.split, index }
    explain.tab = 'picture'
    inside.view = 'explain'
  }
}
