/** The “Look inside” screen: why this answer. */
export const enExplain = {
  explain: {
    title: 'Why this answer',
  },
}
