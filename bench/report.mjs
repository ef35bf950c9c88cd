/**
 * @typedef {{ name: string, rates: number[], peakBytes: number }} Measured images per second of each counted epoch
 * @typedef {{ batch: number, contenders: { name: string, rate: number, peakBytes: number }[], ratio: number | null, ratios: number[] }} Summary
 */

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2
}

/**
 * Medians, and our ratio to PyTorch's better memory layout: of the medians, and round by round.
 * @param {number} batch @param {Measured[]} measured
 * @returns {Summary}
 */
export function summarize(batch, measured) {
  const contenders = measured.map(({ name, rates, peakBytes }) => ({ name, rate: median(rates), peakBytes }))
  const ours = measured.find(({ name }) => name === 'convscope')
  const [best] = measured
    .filter(({ name }) => name.startsWith('torch'))
    .sort((a, b) => median(b.rates) - median(a.rates))
  if (!ours || !best) return { batch, contenders, ratio: null, ratios: [] }
  const ratios = ours.rates.map((rate, round) => rate / (best.rates[round] ?? NaN))
  return { batch, contenders, ratio: median(ours.rates) / median(best.rates), ratios }
}

/**
 * A Markdown table.
 * @param {Summary[]} summaries @param {{ cpu: string, cores: number, torch: string }} machine
 */
export function report(summaries, machine) {
  const names = summaries[0]?.contenders.map(({ name }) => name) ?? []
  const head = [
    'batch',
    ...names.map((name) => `${name}, images/s (peak MiB)`),
    'convscope / better PyTorch (min to max)',
  ]
  const rows = summaries.map(({ batch, contenders, ratio, ratios }) => [
    String(batch),
    ...contenders.map(({ rate, peakBytes }) => `${rate.toFixed(0)} (${(peakBytes / 2 ** 20).toFixed(0)})`),
    ratio === null
      ? '–'
      : `**${ratio.toFixed(2)}** (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`,
  ])
  const line = (/** @type {string[]} */ cells) => `| ${cells.join(' | ')} |`
  return [
    `${machine.cpu}, ${machine.cores} cores, PyTorch ${machine.torch}; medians of the counted epochs, contenders in turn.`,
    '',
    line(head),
    line(head.map(() => '---')),
    ...rows.map(line),
    '',
  ].join('\n')
}
