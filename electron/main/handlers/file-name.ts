/** A run's name as a file name: no separators, no characters that Windows refuses. */
export function fileName(name: string): string {
  return name.replaceAll(/[<>:"/\\|?*\p{Cc}]/gu, '-').trim() || 'run'
}
