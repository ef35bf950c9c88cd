import { AppError } from '../errors'
import { layerKinds } from '../layers/registry'
import { NetworkBuilder } from './builder'
import { parsePython, type PythonCall, type PythonTree } from './python-text'
import type { ImportResult } from './report'
import { toPlain, torchModules, type TorchModule, type TorchValues } from './torch-modules'

/** The pictures that enter, which the text does not say. */
export interface InputSize {
  readonly height: number
  readonly width: number
  readonly channels: number
}

/** Left out without a word: they compute nothing, or say where the values are. */
const silent = new Set(['Identity', 'inplace', 'device', 'dtype', 'recompute_scale_factor'])

/**
 * A network from `nn.Sequential(...)` source or from what `print(model)` shows, modules nested as they come; the path of
 * names becomes the id (`features.0` is `features_0`). Throws `invalid-input` where the text is neither.
 */
export function importPyTorch(text: string, input: InputSize): ImportResult {
  const printed = /^\s*([A-Za-z_]\w*)\(\s*\n\s*\(\w+\):/.exec(text)
  const source = /(?:[A-Za-z_][\w.]*\.)?Sequential\s*\(/.exec(text)
  const start = printed ? 0 : source?.index
  if (start === undefined) {
    throw new AppError('invalid-input', 'The text holds no nn.Sequential(...) and is not what print(model) shows.', {
      fix: 'Paste the whole text that print(model) shows, or an nn.Sequential(...) of torch.nn modules.',
    })
  }
  const root = parsePython(text, start)
  const builder = new NetworkBuilder()
  const reader = new Reader(builder, builder.add('input', 'input', { ...input }, []))
  reader.module(root, '')
  const name = printed?.[1] ?? /([A-Za-z_]\w*)\s*=\s*$/.exec(text.slice(0, start))?.[1]
  return builder.finish(name ?? 'Sequential')
}

class Reader {
  constructor(
    private readonly builder: NetworkBuilder,
    private last: string,
  ) {}

  module(tree: PythonTree, path: string): void {
    const where = path === '' ? 'model' : path
    if (typeof tree !== 'object' || tree === null || tree.type !== 'call') {
      const text = tree === null ? 'None' : String(toPlain(tree))
      this.builder.issue('unknown-layer', where, `"${text}" is not a module`, { layer: text })
      return
    }
    const known = torchModules[tree.callee]
    if (known && tree.children.length === 0) this.layer(tree, known, where)
    else if (tree.callee === 'Sequential' || tree.children.length > 0) this.container(tree, path, where)
    else if (!silent.has(tree.callee)) {
      const message = `there is no layer kind for ${tree.callee}; it is left out`
      this.builder.issue('unknown-layer', where, message, { layer: tree.callee })
    }
  }

  private container(tree: PythonCall, path: string, where: string): void {
    if (tree.callee !== 'Sequential') {
      const message = `${tree.callee} has a forward of its own, which the text does not show; its modules are taken one after the other`
      this.builder.issue('order-assumed', where, message, { layer: tree.callee })
    }
    for (const [name, module] of childrenOf(tree)) this.module(module, path === '' ? name : `${path}.${name}`)
  }

  private layer(tree: PythonCall, module: TorchModule, where: string): void {
    const values = this.values(tree, module, where)
    const params: Record<string, unknown> = {}
    for (const name of module.same) if (values[name] !== undefined) params[name] = toPlain(values[name])
    Object.assign(params, module.convert?.(values))
    this.checkOnly(tree, module, values, where)
    this.checkEntering(module, values, where)
    const parsed = layerKinds.get(module.kind)?.params.safeParse(params)
    if (parsed && !parsed.success) {
      const detail = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
      const message = `${tree.callee} has values that no layer of ours takes (${detail}); it is left out`
      this.builder.issue('unknown-layer', where, message, { layer: tree.callee, detail })
      return
    }
    this.last = this.builder.add(where, module.kind, params, [this.last])
  }

  /** By PyTorch's names; says which are unknown. */
  private values(tree: PythonCall, module: TorchModule, where: string): TorchValues {
    const values: Record<string, PythonTree> = {}
    // print(model) writes ZeroPad2d((1, 1, 1, 1)) and the like by position too.
    for (const [index, value] of tree.positional.entries()) {
      const name = module.signature[index]
      if (name === undefined) this.unknownOption(tree, `argument ${index + 1}`, value, where)
      else values[name] = value
    }
    for (const [name, value] of tree.keywords) {
      // BatchNorm2d's `bias` only repeats `affine` in newer versions.
      const repeated = name === 'bias' && module.same.includes('affine') && value === (values['affine'] ?? true)
      if (module.signature.includes(name) || module.same.includes(name)) values[name] = value
      else if (!silent.has(name) && !repeated) this.unknownOption(tree, name, value, where)
    }
    return values
  }

  private checkOnly(tree: PythonCall, module: TorchModule, values: TorchValues, where: string): void {
    for (const [name, only] of Object.entries(module.only ?? {})) {
      const value = values[name]
      if (value !== undefined && toPlain(value) !== only) this.unknownOption(tree, name, value, where)
    }
  }

  private unknownOption(tree: PythonCall, name: string, value: PythonTree, where: string): void {
    const text = JSON.stringify(toPlain(value))
    const message = `${tree.callee} has ${name} = ${text}, which cannot be taken over`
    this.builder.issue('unknown-option', where, message, { layer: tree.callee, option: name, value: text })
  }

  /** LazyLinear and the like say 0. */
  private checkEntering(module: TorchModule, values: TorchValues, where: string): void {
    const said = module.entering === undefined ? undefined : values[module.entering]
    const actual = this.builder.shapeOf(this.last)?.at(-1)
    if (typeof said !== 'number' || said === 0 || actual === undefined || said === actual) return
    const message = `says ${module.entering ?? ''} ${said}, but ${actual} enter`
    this.builder.issue('size-mismatch', where, message, { said, actual })
  }
}

/** Of a printed module, of `Sequential(a, b)`, or of `Sequential(OrderedDict(...))`. */
function childrenOf(tree: PythonCall): (readonly [string, PythonTree])[] {
  if (tree.children.length > 0) return [...tree.children]
  return tree.positional.flatMap((child, index): (readonly [string, PythonTree])[] => {
    if (typeof child !== 'object' || child?.type !== 'call' || child.callee !== 'OrderedDict') {
      return [[String(index), child]]
    }
    const pairs = child.positional.flatMap((list) =>
      typeof list === 'object' && list?.type === 'tuple' ? list.items : [],
    )
    const named = pairs.flatMap((pair, place): (readonly [string, PythonTree])[] => {
      if (typeof pair !== 'object' || pair?.type !== 'tuple') return [[String(place), pair]]
      const [name = String(place), module = null] = pair.items
      return [[String(toPlain(name)), module]]
    })
    return [...named, ...child.keywords]
  })
}
