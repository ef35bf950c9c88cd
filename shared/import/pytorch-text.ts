import { ImportFailure } from './failure'
import { parsePython, type PythonCall, type PythonTree } from './python-text'

export interface FoundModel {
  /** The class, or the variable that the source puts it into. */
  readonly name: string
  readonly root: PythonTree
  /** A class around it, whose `forward` is not read. */
  readonly owner: string | null
  /** Other networks in the text that are not part of this one. */
  readonly others: readonly { readonly name: string; readonly line: number }[]
}

interface SourceModel {
  readonly name: string | null
  readonly tree: PythonTree
  readonly line: number
}

const printedModel = /^[^\S\n]*([A-Za-z_]\w*)\((?=\s*\n\s*\(\w+(?:-\w+)?\):)/m
const assignedModel = /^[A-Za-z_]\w*\s*(?::[^=\n]+)?=\s*(?:[A-Za-z_]\w*\.)*Sequential\s*\(/m

/**
 * The network that a text holds: what `print(model)` shows, or `nn.Sequential(...)` in source, where numbers and networks
 * given to variables before are known. Throws `not-pytorch`, `python-class` or `python-syntax`.
 */
export function findModel(text: string): FoundModel {
  const printed = printedModel.exec(text)
  if (printed) {
    const [all, name = ''] = printed
    const start = printed.index + all.length - name.length - 1
    return { name, root: parsePython(text, start).tree, owner: null, others: [] }
  }
  const owner = assignedModel.test(text) ? null : classOf(text)
  const { models, used } = sourceModels(text)
  // The last one that a variable is given is the whole, where its parts come first.
  const model = models.findLast(({ name }) => name !== null && !name.includes('.')) ?? models[0]
  if (!model) throw new ImportFailure(owner === null ? 'not-pytorch' : 'python-class')
  const others = models.flatMap((other) =>
    other === model || used.has(other.tree) ? [] : [{ name: other.name ?? 'Sequential', line: other.line }],
  )
  return { name: owner ?? model.name ?? 'Sequential', root: model.tree, owner, others }
}

function sourceModels(text: string): { models: readonly SourceModel[]; used: ReadonlySet<PythonTree> } {
  const known = new Map(numbersOf(text))
  const used = new Set<PythonTree>()
  const models: SourceModel[] = []
  const pattern = /\bSequential\s*\(/g
  for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
    const before = text.slice(Math.max(0, found.index - 200), found.index)
    if (/#[^\n]*$/.test(before)) continue
    const name = /([A-Za-z_][\w.]*)\s*(?::\s*[\w.]+\s*)?=\s*(?:[A-Za-z_]\w*\.)*$/.exec(before)?.[1] ?? null
    const { tree, end } = parsePython(text, found.index, (variable) => {
      const value = known.get(variable)
      if (value !== undefined) used.add(value)
      return value
    })
    models.push({ name, tree, line: isCall(tree) ? tree.line : 1 })
    if (name !== null) known.set(name, tree)
    pattern.lastIndex = end
  }
  return { models, used }
}

/** `hidden = 128` */
function numbersOf(text: string): [string, PythonTree][] {
  const lines = text.matchAll(/^[^\S\n]*([A-Za-z_]\w*)[^\S\n]*=[^\S\n]*(\d{1,9})[^\S\n]*(?:#[^\n]*)?$/gm)
  return [...lines].map(([, name = '', value]) => [name, Number(value)])
}

/** The class that the text defines; of one with several parts `forward` says how they are joined, and it is refused. */
function classOf(text: string): string | null {
  const name = /^[^\S\n]*class\s+(\w+)\s*\([^)\n]*Module\s*\)/m.exec(text)?.[1]
  if (name === undefined) return null
  const parts = text.match(/\bself\.\w+\s*=\s*(?:[A-Za-z_]\w*\.)*[A-Z]\w*\s*\(/g) ?? []
  if (parts.length > 1) throw new ImportFailure('python-class')
  return name
}

export function isCall(tree: PythonTree): tree is PythonCall {
  return typeof tree === 'object' && tree !== null && tree.type === 'call'
}
