import { layerKinds } from '../layers/registry'
import {
  layerIdSchema,
  networkDocumentSchema,
  networkFormat,
  networkVersion,
  type LayerNode,
} from '../network/document'
import type { ImageShape, Shape } from '../network/shape'
import { ImportFailure } from './failure'
import type { ImportCode, ImportIssue, ImportResult, ParamsOf, ReadLayer } from './report'

const longestId = layerIdSchema.maxLength ?? 64

/** Collects the layers of an import, with their shapes as far as they can be inferred, and what was lost. */
export class NetworkBuilder {
  private readonly nodes: LayerNode[] = []
  private readonly read: ReadLayer[] = []
  private readonly taken = new Set<string>()
  private readonly shapes = new Map<string, Shape>()
  private readonly report: ImportIssue[] = []
  private readonly renamed: [from: string, to: string][] = []
  private sizeAsked = false

  issue<Code extends ImportCode>(code: Code, where: string, params: ParamsOf<Code>, line: number | null = null): void {
    this.report.push({ code, where, params, line })
  }

  /** Adds a layer of the source under an id made from its name there, and returns the id. */
  add(
    name: string,
    kind: string,
    params: Record<string, unknown>,
    inputs: readonly string[],
    line: number | null = null,
  ): string {
    const id = this.insert(name, kind, params, inputs)
    if (id !== name) this.renamed.push([name, id])
    this.read.push({ id, where: name, line })
    return id
  }

  /** Adds a layer that the source does not name. */
  insert(name: string, kind: string, params: Record<string, unknown>, inputs: readonly string[]): string {
    const id = this.freshId(name)
    this.taken.add(id)
    this.nodes.push({ id, kind, params, inputs: [...inputs] })
    const shape = this.infer(kind, params, inputs)
    if (shape) this.shapes.set(id, shape)
    return id
  }

  /** What the source leaves open of its pictures' size is as in `usual`. */
  addInput(name: string, known: { readonly [Size in keyof ImageShape]?: unknown }, usual: ImageShape): string {
    const size = { ...usual }
    for (const side of ['height', 'width', 'channels'] as const) {
      const value = known[side]
      if (typeof value === 'number') size[side] = value
      else this.sizeAsked = true
    }
    return this.add(name, 'input', size, [])
  }

  /** Undefined where the layer cannot be inferred: the designer then says why. */
  shapeOf(id: string | undefined): Shape | undefined {
    return id === undefined ? undefined : this.shapes.get(id)
  }

  /** How many layers have no shape, because something before them or in them is wrong. */
  get unshaped(): number {
    return this.nodes.length - this.shapes.size
  }

  /** `first` are told before what was found on the way. Throws `empty` where no layer was added. */
  finish(name: string, first: readonly ImportIssue[] = []): ImportResult {
    if (this.nodes.length === 0) throw new ImportFailure('empty')
    const [renaming] = this.renamed
    if (renaming) {
      const [from, to] = renaming
      this.issue('renamed', from, { count: this.renamed.length, from, to })
    }
    const document = networkDocumentSchema.parse({
      format: networkFormat,
      version: networkVersion,
      name: name.slice(0, 200) || 'Network',
      layers: this.nodes,
    })
    return { document, sizeAsked: this.sizeAsked, layers: this.read, report: [...first, ...this.report] }
  }

  private infer(kindName: string, params: Record<string, unknown>, inputs: readonly string[]): Shape | null {
    const kind = layerKinds.get(kindName)
    const parsed = kind?.params.safeParse(params)
    const entering = inputs.map((id) => this.shapes.get(id))
    if (!kind || !parsed?.success || !entering.every((shape) => shape !== undefined)) return null
    if (entering.length < kind.arity.min) return null
    const result = kind.infer(parsed.data, entering)
    return 'shape' in result ? result.shape : null
  }

  private freshId(name: string): string {
    const plain = name.replaceAll(/[^A-Za-z0-9_]+/g, '_')
    const base = (/^[A-Za-z_]/.test(plain) ? plain : `layer_${plain}`).slice(0, longestId)
    for (let count = 1; ; count++) {
      const suffix = count === 1 ? '' : `_${count}`
      const id = base.slice(0, longestId - suffix.length) + suffix
      if (!this.taken.has(id)) return id
    }
  }
}
