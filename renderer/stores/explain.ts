import { defineStore } from 'pinia'
import { reactive, ref } from 'vue'

export const explainTabs = ['picture', 'unit'] as const
export type ExplainTab = (typeof explainTabs)[number]

/** How the pictures of the “Why this answer” view are made and shown; kept while other views are looked at. */
export const useExplain = defineStore('explain', () => {
  const tab = ref<ExplainTab>('picture')
  /** The class that is asked about; null follows the prediction. */
  const lockedClass = ref<number | null>(null)
  const sorted = ref(false)
  /** Of the maps over the picture, 0 to 1. */
  const opacity = ref(0.75)
  /** Coarse maps are blended between their cells. */
  const smooth = ref(false)
  const gradCamLayer = ref<string | null>(null)
  /** Points of the path of integrated gradients. */
  const steps = ref(64)
  const occlusion = reactive({ patch: 5, stride: 2 })
  /** Channel or feature of the unit that is looked at. */
  const channel = ref(0)
  const maximise = reactive({ iterations: 256, stepSize: 0.05, decay: 0.01, blur: 0.6, jitter: 2, seed: 0 })

  return { tab, lockedClass, sorted, opacity, smooth, gradCamLayer, steps, occlusion, channel, maximise }
})
