import { defineStore } from 'pinia'
import { ref } from 'vue'

export const screens = ['design', 'train', 'inside', 'runs', 'experiments', 'data'] as const
export type Screen = (typeof screens)[number]
export type TrainView = 'setup' | 'live'

/** Where the person is in the window. */
export const useShell = defineStore('shell', () => {
  // The first start shows all that one press of Train needs.
  const screen = ref<Screen>('train')
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
