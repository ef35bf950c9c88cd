import { ImportFailure } from './failure'
import { lookUp } from './look-up'

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
  /** Where it begins, from 1. */
  readonly line: number
}

const constants: Readonly<Record<string, PythonTree>> = { True: true, False: false, None: null }

const deepest = 200
/** Of equal submodules in a row. */
const most = 1000

/**
 * Parses the expression that begins at `start`; what follows its `end` is not read. `resolve` says what a
 * variable stands for. Throws `python-syntax` naming the line.
 */
export function parsePython(
  text: string,
  start = 0,
  resolve: (name: string) => PythonTree | undefined = () => undefined,
): { readonly tree: PythonTree; readonly end: number } {
  const parser = new Parser(text, start, resolve)
  return { tree: parser.expression(), end: parser.at }
}

class Parser {
  private depth = 0
  private counted = 0
  private lines = 1

  constructor(
    private readonly text: string,
    public at: number,
    private readonly resolve: (name: string) => PythonTree | undefined,
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
    if (++this.depth > deepest) throw this.wrong('less nesting')
    const tree = this.value()
    this.depth--
    return tree
  }

  private value(): PythonTree {
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
    const constant = lookUp(constants, name)
    if (constant !== undefined) return constant
    const line = this.line()
    if (this.take(/\(/y) !== null) return this.call(name.split('.').at(-1) ?? name, line)
    return this.resolve(name) ?? { type: 'name', name }
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

  private call(callee: string, line: number): PythonCall {
    const positional: PythonTree[] = []
    const keywords = new Map<string, PythonTree>()
    const children: [string, PythonTree][] = []
    while (this.take(/\)/y) === null) {
      const child = this.take(/\(\w+(?:-\w+)?\):/y)
      const keyword = child === null ? this.take(/[A-Za-z_]\w*\s*=(?!=)/y) : null
      if (child !== null) children.push(...this.child(child.slice(1, -2)))
      else if (keyword === null) positional.push(this.expression())
      // `print(model)` writes padding=same without quotes.
      else keywords.set(keyword.replace(/\s*=$/, ''), this.expression())
      if (this.take(/,/y) === null && child === null && !this.sees(/\)|\(\w+(?:-\w+)?\):/y)) throw this.wrong('a comma')
    }
    return { type: 'call', callee, positional, keywords, children, line }
  }

  /** A submodule as it is printed; equal ones in a row as `(0-3): 4 x Block(...)`. */
  private child(name: string): [string, PythonTree][] {
    const times = Number(this.take(/\d+ x (?=[A-Za-z_])/y)?.split(' ')[0] ?? 1)
    const module = this.expression()
    const [first = '0'] = name.split('-')
    return times === 1
      ? [[name, module]]
      : Array.from({ length: Math.min(times, most) }, (_, index) => [String(Number(first) + index), module])
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

  /** Counted on from where it was asked last: places only go forward. */
  private line(): number {
    for (; this.counted < this.at; this.counted++) if (this.text[this.counted] === '\n') this.lines++
    return this.lines
  }

  private wrong(wanted: string): ImportFailure {
    const found = this.text.slice(this.at, this.at + 24).split('\n')[0] ?? ''
    return new ImportFailure('python-syntax', { line: this.line(), found, wanted })
  }
}
