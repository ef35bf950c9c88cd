/** How weights and gradients are spread over the epochs of a run. */
export const enDistributions = {
  distributions: {
    title: 'Distributions',
    values: 'Weights',
    gradients: 'Gradients',
    which: 'What is shown',
    hint: 'A column is an epoch’s end; the darker, the more values. Gradients are those of the epoch’s last batch.',
    waiting: 'They come at the end of the first epoch.',
    none: 'Nothing was recorded of this run’s distributions.',
    strip: '{weight}: distribution over {n} epoch. {detail} | {weight}: distribution over {n} epochs. {detail}',
    epoch: 'Epoch {epoch}',
    spread: 'mean {mean}, deviation {deviation}',
    ends: '{low} to {high}',
    bin: '{n} of {total} near {value}',
    notFinite: '{n} not finite',
    more: 'Show all {n}',
  },
}
