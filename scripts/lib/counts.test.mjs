import { expect, test } from 'vitest'
import { countPlaywright, countsLine, countVitest, skippedLines } from './counts.mjs'

test('a Vitest report is counted by test case, and a file that did not load is a failure', () => {
  const report = {
    testResults: [
      { status: 'passed', assertionResults: [{ status: 'passed' }, { status: 'skipped' }, { status: 'todo' }] },
      { status: 'failed', assertionResults: [{ status: 'passed' }, { status: 'failed' }] },
      { status: 'failed', assertionResults: [] },
    ],
  }
  expect(countVitest(report)).toEqual({ passed: 2, failed: 2, skipped: 2 })
})

test('what was skipped is said by file and group, with the reason in its title', () => {
  const left = { status: 'skipped', ancestorTitles: ['generated code (no Python)'], title: 'runs' }
  const passed = { status: 'passed', ancestorTitles: [], title: 'fine' }
  const alone = { status: 'pending', ancestorTitles: [], title: 'needs a display' }
  const testResults = [
    { name: '/app/tests/a.test.ts', assertionResults: [left, passed, left] },
    { name: '/app/tests/b.test.ts', assertionResults: [alone] },
  ]
  expect(skippedLines({ testResults }, '/app')).toEqual([
    'Skipped:',
    '  2 in tests/a.test.ts: generated code (no Python)',
    '  1 in tests/b.test.ts: needs a display',
  ])
  expect(skippedLines({ testResults: [] }, '/app')).toEqual([])
  expect(skippedLines(null, '/app')).toEqual([])
})

test('a flaky Playwright test is a failure', () => {
  const stats = { expected: 5, unexpected: 1, flaky: 1, skipped: 2 }
  expect(countPlaywright({ stats })).toEqual({ passed: 5, failed: 2, skipped: 2 })
})

test('the closing line', () => {
  expect(countsLine({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed')
  expect(countsLine({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped')
})
