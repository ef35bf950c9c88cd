/** The “Look inside” screen: mistakes. */
export const enMistakes = {
  mistakes: {
    title: 'Mistakes',
  },
}
