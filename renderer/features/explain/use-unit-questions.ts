import { defineStore } from 'pinia'
import { watch } from 'vue'
import { useInside } from '../../stores/inside'
import { useQuestion } from '../inside/use-question'

/** The long questions about a unit. Their answers outlive a look at another view, but not at another run. */
export const useUnitQuestions = defineStore('unit-questions', () => {
  const inside = useInside()
  const maximise = useQuestion<'maximise'>()
  const patches = useQuestion<'topPatches'>()

  watch(
    () => inside.run?.id,
    () => {
      maximise.forget()
      patches.forget()
    },
  )
  return { maximise, patches }
})
