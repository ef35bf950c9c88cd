import { AppError } from '../errors'

/** What a Python expression of modules holds: literals, names, tuples and calls. */
export type PythonTree = number | string | boolean | null | PythonName | PythonTuple | PythonCall

export interface PythonName {
  readonly type: 'name'
  readonly name: string
}

export interface PythonTuple {
  readonly type: 'tuple'
  readonly items: readonly PythonTree[]
}

export interface PythonCall {
  readonly type: 'call'
  /** The last part of a dotted name: `Conv2d` of `torch.nn.Conv2d`. */
  readonly callee: string
  readonly positional: readonly PythonTree[]
  readonly keywords: ReadonlyMap<string, PythonTree>
  /** `(name): Module(...)`, as `print(model)` writes submodules. */
  readonly children: readonly (readonly [name: string, module: PythonTree])[]
}

const constants: Readonly<Record<string, PythonTree>> = { True: true, False: false, None: null }

/** Parses the expression that begins at `start`; what follows it is not read. Throws `invalid-input` naming the line. */
export function parsePython(text: string, start = 0): PythonTree {
  return new Parser(text, start).expression()
}

class Parser {
  constructor(
    private readonly text: string,
    private at: number,
  ) {}

  /** Products and sums of numbers are worked out: `50 * 5 * 5`. */
  expression(): PythonTree {
    let left = this.product()
    for (let sign = this.take(/[+-]/y); sign !== null; sign = this.take(/[+-]/y)) {
      const right = this.product()
      left = this.number(left) + (sign === '+' ? this.number(right) : -this.number(right))
    }
    return left
  }

  private product(): PythonTree {
    let left = this.atom()
    for (let sign = this.take(/\*\*|\*|\/\//y); sign !== null; sign = this.take(/\*\*|\*|\/\//y)) {
      const [a, b] = [this.number(left), this.number(this.atom())]
      left = sign === '*' ? a * b : sign === '**' ? a ** b : Math.floor(a / b)
    }
    return left
  }

  private atom(): PythonTree {
    if (this.take(/-/y) !== null) return -this.number(this.atom())
    const number = this.take(/(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y)
    if (number !== null) return Number(number.replaceAll('_', ''))
    const string = this.take(/"[^"\n]*"|'[^'\n]*'/y)
    if (string !== null) return string.slice(1, -1)
    if (this.take(/\(/y) !== null) return this.tuple(/\)/y)
    if (this.take(/\[/y) !== null) return { type: 'tuple', items: this.items(/\]/y) }
    if (this.take(/\{/y) !== null) return this.dictionary()
    const name = this.take(/[A-Za-z_][\w.]*/y)
    if (name === null) throw this.wrong('an expression')
    if (name in constants) return constants[name] ?? null
    return this.take(/\(/y) === null ? { type: 'name', name } : this.call(name.split('.').at(-1) ?? name)
  }

  /** `(1)` is 1 and `(1,)` is a tuple. */
  private tuple(end: RegExp): PythonTree {
    const start = this.at
    const items = this.items(end)
    const [only] = items
    const comma = /,\s*\)$/.test(this.text.slice(start, this.at))
    return items.length === 1 && only !== undefined && !comma ? only : { type: 'tuple', items }
  }

  private items(end: RegExp): PythonTree[] {
    const items: PythonTree[] = []
    while (this.take(end) === null) {
      items.push(this.expression())
      if (this.take(/,/y) === null && !this.sees(end)) throw this.wrong('a comma')
    }
    return items
  }

  /** As a tuple of pairs, which is what OrderedDict takes too. */
  private dictionary(): PythonTree {
    const items: PythonTree[] = []
    while (this.take(/\}/y) === null) {
      const key = this.expression()
      if (this.take(/:/y) === null) throw this.wrong('a colon')
      items.push({ type: 'tuple', items: [key, this.expression()] })
      if (this.take(/,/y) === null && !this.sees(/\}/y)) throw this.wrong('a comma')
    }
    return { type: 'tuple', items }
  }

  private call(callee: string): PythonCall {
    const positional: PythonTree[] = []
    const keywords = new Map<string, PythonTree>()
    const children: [string, PythonTree][] = []
    while (this.take(/\)/y) === null) {
      const child = this.take(/\(\w+\):/y)
      const keyword = child === null ? this.take(/[A-Za-z_]\w*\s*=(?!=)/y) : null
      if (child !== null) children.push([child.slice(1, -2), this.expression()])
      else if (keyword === null) positional.push(this.expression())
      // `print(model)` writes padding=same without quotes.
      else keywords.set(keyword.replace(/\s*=$/, ''), this.expression())
      if (this.take(/,/y) === null && child === null && !this.sees(/\)/y) && !this.sees(/\(\w+\):/y)) {
        throw this.wrong('a comma')
      }
    }
    return { type: 'call', callee, positional, keywords, children }
  }

  private number(tree: PythonTree): number {
    if (typeof tree === 'number') return tree
    throw this.wrong('a number')
  }

  private sees(pattern: RegExp): boolean {
    this.skip()
    pattern.lastIndex = this.at
    return pattern.test(this.text)
  }

  private take(pattern: RegExp): string | null {
    this.skip()
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)?.[0] ?? null
    if (found !== null) this.at += found.length
    return found
  }

  private skip(): void {
    const space = /(?:\s|\\\n|#[^\n]*)*/y
    space.lastIndex = this.at
    this.at += space.exec(this.text)?.[0].length ?? 0
  }

  private wrong(wanted: string): AppError {
    const line = this.text.slice(0, this.at).split('\n').length
    const found = this.text.slice(this.at, this.at + 20).split('\n')[0] ?? ''
    return new AppError('invalid-input', `Line ${line} of the text has "${found}" in place of ${wanted}.`, {
      fix: 'Paste the whole text that print(model) shows, or an nn.Sequential(...) of torch.nn modules.',
      params: { line, found, wanted },
    })
  }
}
