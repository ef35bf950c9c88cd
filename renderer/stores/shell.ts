import { defineStore } from 'pinia'
import { ref } from 'vue'

export const screens = ['design', 'train', 'runs', 'data'] as const
export type Screen = (typeof screens)[number]
export type TrainView = 'setup' | 'live'

/** Where the person is in the window. */
export const useShell = defineStore('shell', () => {
  const screen = ref<Screen>('design')
  const trainView = ref<TrainView>('setup')
  const shortcutsOpen = ref(false)

  function go(to: Screen): void {
    screen.value = to
  }

  function showTrain(view: TrainView): void {
    screen.value = 'train'
    trainView.value = view
  }

  return { screen, trainView, shortcutsOpen, go, showTrain }
})
