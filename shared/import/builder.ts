import { layerKinds } from '../layers/registry'
import { layerIdSchema, networkFormat, networkVersion, type LayerNode } from '../network/document'
import type { Shape } from '../network/shape'
import type { ImportCode, ImportIssue, ImportResult } from './report'

/** Collects the layers of an import, with their shapes as far as they can be inferred, and what was lost. */
export class NetworkBuilder {
  private readonly layers: LayerNode[] = []
  private readonly shapes = new Map<string, Shape>()
  private readonly report: ImportIssue[] = []
  private readonly renamed: [from: string, to: string][] = []

  issue(code: ImportCode, where: string, message: string, params: ImportIssue['params'] = {}): void {
    this.report.push({ code, where, message, params })
  }

  /** Adds a layer under an id made from the source's name, and returns the id. */
  add(name: string, kind: string, params: Record<string, unknown>, inputs: readonly string[]): string {
    const id = this.freshId(name)
    if (id !== name) this.renamed.push([name, id])
    this.layers.push({ id, kind, params, inputs: [...inputs] })
    const shape = this.infer(kind, params, inputs)
    if (shape) this.shapes.set(id, shape)
    return id
  }

  /** Undefined where the layer cannot be inferred: the designer then says why. */
  shapeOf(id: string | undefined): Shape | undefined {
    return id === undefined ? undefined : this.shapes.get(id)
  }

  finish(name: string): ImportResult {
    const [first] = this.renamed
    if (first) {
      const [from, to] = first
      const message = `${this.renamed.length} names became ids, such as "${from}", which is now "${to}"`
      this.issue('renamed', from, message, { count: this.renamed.length, from, to })
    }
    const document = { format: networkFormat, version: networkVersion, name: name.slice(0, 200), layers: this.layers }
    return { document: document as ImportResult['document'], report: this.report }
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
    const base = (/^[A-Za-z_]/.test(plain) ? plain : `layer_${plain}`).slice(0, layerIdSchema.maxLength ?? 64)
    const taken = new Set(this.layers.map(({ id }) => id))
    for (let count = 1; ; count++) {
      const suffix = count === 1 ? '' : `_${count}`
      const id = base.slice(0, (layerIdSchema.maxLength ?? 64) - suffix.length) + suffix
      if (!taken.has(id)) return id
    }
  }
}
