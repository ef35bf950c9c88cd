/** Text that is no number stays as it is, so that the schema names it. */
export function number(text: string | undefined): number | string | undefined {
  if (text === undefined || text.trim() === '') return text
  const value = Number(text)
  return Number.isNaN(value) ? text : value
}

/** A number, or null for `never`. */
export function numberOrNever(text: string | undefined): number | string | null | undefined {
  return text === 'never' ? null : number(text)
}

/** A choice with its own settings; absent where nothing of it was said. */
export function part(type: string | undefined, usual: string, settings: Record<string, unknown>) {
  const said = withoutAbsent(settings)
  return type === undefined && Object.keys(said).length === 0 ? undefined : { type: type ?? usual, ...said }
}

export function withoutAbsent(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined))
}
