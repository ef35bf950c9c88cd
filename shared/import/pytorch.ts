import { layerKinds } from '../layers/registry'
import { formatShape, type ImageShape } from '../network/shape'
import { NetworkBuilder } from './builder'
import { lookUp } from './look-up'
import { HiddenForwards, type HiddenForward } from './pytorch-blocks'
import { findModel, isCall, type FoundModel } from './pytorch-text'
import type { PythonCall, PythonTree } from './python-text'
import type { ImportResult } from './report'
import { toPlain, torchModules, type TorchModule, type TorchValues } from './torch-modules'

/** Left out without a word: they compute nothing, or say where the values are. */
const silent = new Set(['Identity', 'inplace', 'device', 'dtype', 'recompute_scale_factor'])
/** Around a model, for several GPUs or a compiler. */
const wrappers = new Set(['DataParallel', 'DistributedDataParallel', 'OptimizedModule'])
/** They print parts, but are no chain of them. */
const indivisible = /^(MultiheadAttention|Transformer\w*|LSTM|GRU|RNN)$/

/**
 * A network from `nn.Sequential(...)` source or from what `print(model)` shows, modules nested as they come; the path of
 * names becomes the id (`features.0` is `features_0`). `input` is the size of the pictures, which the text does not say.
 * Throws an `ImportFailure` where the text is neither.
 */
export function importPyTorch(text: string, input: ImageShape): ImportResult {
  return readModel(findModel(text), input).result
}

/** Sizes of pictures that networks are usually made for. */
const usualSizes = [28, 32, 64, 96, 128, 224, 227, 256, 299, 16, 48, 50, 100, 112, 150, 160, 200]

/**
 * The size of pictures that the layers of a text fit best: channels as the first layer says, rows and columns those of
 * `usual` where they fit, else of `usualSizes`. Throws as `importPyTorch` does.
 */
export function suggestInput(text: string, usual: ImageShape): ImageShape {
  const model = findModel(text)
  const { entering } = readModel(model, usual)
  const depths = entering === null ? [usual.channels, 1, 3] : [entering]
  const planes = [usual, ...usualSizes.map((size) => ({ height: size, width: size }))]
  let best = { input: { ...usual, channels: entering ?? usual.channels }, faults: Infinity }
  for (const { height, width } of planes) {
    for (const channels of depths) {
      const input = { height, width, channels }
      const { faults } = readModel(model, input)
      if (faults < best.faults) best = { input, faults }
      if (faults === 0) return input
    }
  }
  return best.input
}

function readModel({ name, root, owner, others }: FoundModel, input: ImageShape) {
  const builder = new NetworkBuilder()
  const reader = new Reader(builder, builder.addInput('input', {}, input))
  if (owner !== null) reader.forwards.add(owner, owner, isCall(root) ? root.line : 1, [], true)
  reader.module(root, '', null)
  for (const other of others) builder.issue('extra-network', other.name, {}, other.line)
  const result = builder.finish(name, reader.forwards.issues())
  const mismatches = result.report.filter(({ code }) => code === 'size-mismatch').length
  return { result, entering: reader.entering, faults: mismatches + builder.unshaped }
}

class Reader {
  readonly forwards = new HiddenForwards()
  /** Channels that the first layer says it takes. */
  entering: number | null = null
  private line = 1

  constructor(
    private readonly builder: NetworkBuilder,
    private last: string,
  ) {}

  /** `owner` is the innermost module around it with a `forward` that the text does not show. */
  module(tree: PythonTree, path: string, owner: HiddenForward | null): void {
    const where = path === '' ? 'model' : path
    if (!isCall(tree)) {
      const text = tree === null ? 'None' : String(toPlain(tree))
      this.builder.issue('not-a-module', where, { text }, this.line)
      return
    }
    this.line = tree.line
    const known = lookUp(torchModules, tree.callee)
    if (known && tree.children.length === 0) this.layer(tree, known, where, owner)
    else if (tree.callee === 'Sequential' || (tree.children.length > 0 && !indivisible.test(tree.callee)))
      this.container(tree, path, owner)
    else if (!silent.has(tree.callee)) this.builder.issue('unknown-layer', where, { layer: tree.callee }, tree.line)
  }

  private container(tree: PythonCall, path: string, owner: HiddenForward | null): void {
    const parts = childrenOf(tree)
    const names = parts.map(([name]) => name)
    const inner = isChain(tree, names)
      ? owner
      : this.forwards.add(tree.callee, path === '' ? tree.callee : path, tree.line, names, path === '')
    for (const [name, module] of parts) {
      const below = wrappers.has(tree.callee) ? path : path === '' ? name : `${path}.${name}`
      this.module(module, below, path === '' ? null : inner)
    }
  }

  private layer(tree: PythonCall, module: TorchModule, where: string, owner: HiddenForward | null): void {
    const { line, callee: layer } = tree
    const values = this.values(tree, module, where)
    const params: Record<string, unknown> = {}
    for (const name of module.same) if (values[name] !== undefined) params[name] = toPlain(values[name])
    Object.assign(params, module.convert?.(values))
    this.checkOnly(tree, module, values, where)
    const parsed = layerKinds.get(module.kind)?.params.safeParse(params)
    if (parsed && !parsed.success) {
      const detail = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
      this.builder.issue('impossible-values', where, { layer, detail }, line)
      return
    }
    if (module.kind === 'linear') this.flatten(where, line)
    this.checkEntering(tree, module, values, where, owner)
    this.last = this.builder.add(where, module.kind, params, [this.last], line)
  }

  /** `torch.flatten` in `forward` is not printed. */
  private flatten(where: string, line: number): void {
    const shape = this.builder.shapeOf(this.last)
    if (shape?.length !== 3) return
    this.builder.issue('flatten-added', where, { shape: formatShape(shape) }, line)
    this.last = this.builder.insert('flatten', 'flatten', {}, [this.last])
  }

  /** By PyTorch's names; says which are unknown. */
  private values(tree: PythonCall, module: TorchModule, where: string): TorchValues {
    const values: Record<string, PythonTree> = {}
    // print(model) writes ZeroPad2d((1, 1, 1, 1)) and the like by position too.
    for (const [index, value] of tree.positional.entries()) {
      const name = module.signature[index]
      if (name === undefined) this.unknownOption(tree, String(index + 1), value, where)
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

  private unknownOption({ callee, line }: PythonCall, option: string, value: PythonTree, where: string): void {
    const params = { layer: callee, option, value: JSON.stringify(toPlain(value)) }
    this.builder.issue('unknown-option', where, params, line)
  }

  /** LazyLinear and the like say 0. */
  private checkEntering(
    { callee: layer, line }: PythonCall,
    module: TorchModule,
    values: TorchValues,
    where: string,
    owner: HiddenForward | null,
  ): void {
    const { entering: option } = module
    const said = option === undefined ? undefined : values[option]
    if (typeof said !== 'number' || said === 0 || option === undefined) return
    const shape = this.builder.shapeOf(this.last)
    if (this.entering === null && shape?.length === 3) this.entering = said
    const actual = shape?.at(-1)
    if (actual === undefined || said === actual) return
    const params = { layer, option, said, actual }
    if (owner === null) this.builder.issue('size-mismatch', where, params, line)
    else {
      owner.mismatches.push({ code: 'size-mismatch', where, params, line })
      // Features of a Linear may differ because the pictures have another size.
      if (module.kind !== 'linear' && this.last !== 'input') owner.isWrong = true
    }
  }
}

/** Whether the parts follow one another for sure: subclasses of Sequential print numbered parts as it does. */
function isChain({ callee }: PythonCall, names: readonly string[]): boolean {
  return callee === 'Sequential' || wrappers.has(callee) || names.every((name, index) => name === String(index))
}

/** Of a printed module, of `Sequential(a, b)`, or of `Sequential(OrderedDict(...))`. */
function childrenOf(tree: PythonCall): (readonly [string, PythonTree])[] {
  if (tree.children.length > 0) return [...tree.children]
  return tree.positional.flatMap((child, index): (readonly [string, PythonTree])[] => {
    if (!isCall(child) || child.callee !== 'OrderedDict') return [[String(index), child]]
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
