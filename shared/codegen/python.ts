import type { Sides } from '../ops/ops'

/** A piece of Python that is written as it stands. */
export interface Code {
  readonly code: string
}

export type PythonValue = string | number | boolean | null | Code | readonly PythonValue[]

export function code(text: string): Code {
  return { code: text }
}

/** A value as Python writes it: strings in double quotes, arrays as tuples. */
export function literal(value: PythonValue): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'number') return String(value)
  // JSON's escapes are Python's too.
  if (typeof value === 'string') return JSON.stringify(value)
  if ('code' in value) return value.code
  const [only, ...others] = value.map(literal)
  if (only === undefined) return '()'
  return others.length === 0 ? `(${only},)` : `(${[only, ...others].join(', ')})`
}

export type Keywords = Readonly<Record<string, PythonValue | undefined>>

/** `callee(1, 25, 3, stride=2)`; keywords that are undefined are left out. */
export function call(callee: string, positional: readonly PythonValue[] = [], keywords: Keywords = {}): string {
  const named = Object.entries(keywords).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${literal(value)}`],
  )
  return `${callee}(${[...positional.map(literal), ...named].join(', ')})`
}

/** The keywords that differ from the library's own defaults. */
export function changed(keywords: Keywords, defaults: Keywords): Keywords {
  const entries = Object.entries(keywords).filter(([name, value]) => {
    const usual = defaults[name]
    return value !== undefined && (usual === undefined || literal(value) !== literal(usual))
  })
  return Object.fromEntries(entries)
}

/** `[3, 3]` is written 3, as one writes it by hand. */
export function square([vertical, horizontal]: readonly [number, number]): PythonValue {
  return vertical === horizontal ? vertical : [vertical, horizontal]
}

/** Padding as Keras' ZeroPadding2D takes it. */
export function sidesValue({ top, bottom, left, right }: Sides): PythonValue {
  if (top !== bottom || left !== right) {
    return [
      [top, bottom],
      [left, right],
    ]
  }
  return square([top, left])
}
