import type { Page } from '@playwright/test'

/** A chart is a picture whose name says how many points it holds; 0 before the first. */
export async function pointsOf(page: Page, title: string): Promise<number> {
  const name = await page.getByRole('img', { name: new RegExp(`^${title}:`) }).getAttribute('aria-label')
  return Number(/: ([\d,]+) points?/.exec(name ?? '')?.[1]?.replaceAll(',', '') ?? 0)
}
