import { relative } from 'node:path'

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * The test cases of a Vitest JSON report. A file that could not be loaded counts as one failure.
 * @param {any} report
 * @returns {Counts}
 */
export function countVitest(report) {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for (const file of report.testResults) {
    if (file.status === 'failed' && file.assertionResults.length === 0) counts.failed += 1
    for (const { status } of file.assertionResults) {
      if (status === 'passed') counts.passed += 1
      else if (status === 'failed') counts.failed += 1
      else counts.skipped += 1
    }
  }
  return counts
}

/**
 * Which test cases of a Vitest JSON report were left out: a line for every group of them, whose title says why.
 * @param {any} report null where there is none
 * @param {string} folder that the files are named from
 * @returns {string[]}
 */
export function skippedLines(report, folder) {
  /** @type {Map<string, number>} */
  const groups = new Map()
  for (const { name, assertionResults } of report?.testResults ?? []) {
    for (const { status, ancestorTitles, title } of assertionResults) {
      if (status === 'passed' || status === 'failed') continue
      const group = `${relative(folder, name)}: ${ancestorTitles.join(' > ') || title}`
      groups.set(group, (groups.get(group) ?? 0) + 1)
    }
  }
  if (groups.size === 0) return []
  return ['Skipped:', ...[...groups].map(([group, count]) => `  ${count} in ${group}`)]
}

/**
 * The test cases of a Playwright JSON report. A test that passed only when tried again counts as failed.
 * @param {any} report
 * @returns {Counts}
 */
export function countPlaywright(report) {
  const { expected, unexpected, flaky, skipped } = report.stats
  return { passed: expected, failed: unexpected + flaky, skipped }
}

/**
 * The closing line of a test run.
 * @param {Counts} counts
 */
export function countsLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
