import { layerKinds } from '../layers/registry'
import { analyzeNetwork, type NetworkAnalysis } from './analyze'
import type { NetworkDocument } from './document'
import { appendLayer, insertOnEdge } from './edit/add'
import { setParams } from './edit/change'
import { withGroups, withLayer } from './edit/graph'
import { freshId, idStem, takenIds } from './edit/ids'
import { removeLayers } from './edit/remove'
import type { Edited } from './edit/result'
import { fitProblems } from './fit'
import { fixCandidates, type Fix, type FixEdit } from './fix-candidates'
import { LayerMemory } from './layer-memory'
import type { NetworkProblem } from './problem'

/**
 * The fixes of a problem, the likeliest first. Each was tried: the problem is gone afterwards, and the layers of this one
 * edge fit each other. `memory` is that of the document's analysis.
 */
export function fixesFor(document: NetworkDocument, problem: NetworkProblem, memory = new LayerMemory()): Fix[] {
  const node = document.layers.find(({ id }) => id === problem.layerId)
  if (!node) return []
  const analysis = analyzeNetwork(document, memory)
  const before = problemKeys(analysis)
  return fixCandidates({ document, analysis, problem, node }).filter((fix) => {
    const fixed = applyFix(document, fix)
    if (fixed === document) return false
    const after = analyzeNetwork(fixed, memory)
    if (problem.code === 'input-size' || problem.code === 'class-count') return mendsFit(after, problem)
    // Nothing new may come up at the very layer that was to be mended.
    const keys = [...problemKeys(after)]
    return (
      !keys.includes(keyOf(problem)) &&
      !keys.some((key) => key.startsWith(`${problem.layerId} layer:`) && !before.has(key))
    )
  })
}

/** The document with a fix applied; the same document where it no longer can be. Never changes it in place. */
export function applyFix(document: NetworkDocument, fix: Fix): NetworkDocument {
  return fix.edits.reduce(applyEdit, document)
}

function applyEdit(document: NetworkDocument, edit: FixEdit): NetworkDocument {
  switch (edit.type) {
    case 'set':
      return setParams(document, edit.layerId, edit.params)
    case 'remove':
      return documentOf(removeLayers(document, [edit.layerId]), document)
    case 'insert':
      return withParams(insertOnEdge(document, edit.kind, edit), document, edit.params)
    case 'append': {
      let [result, after] = [document, edit.after]
      for (const { kind, params } of edit.layers) {
        const edited = appendLayer(result, kind, after)
        result = withParams(edited, result, params)
        after = 'ids' in edited ? (edited.ids[0] ?? after) : after
      }
      return result
    }
    case 'inputs':
      return withLayer(document, edit.layerId, (layer) => ({ ...layer, inputs: [...edit.inputs] }))
    case 'add-input':
      return addInput(document, edit.before)
    case 'rename':
      return renameSecond(document, edit.layerId)
    case 'no-repeat':
      return withGroups(
        document,
        (document.groups ?? []).map((group) => (group.id === edit.groupId ? { ...group, repeat: 1 } : group)),
      )
    case 'extend-group':
      return withGroups(
        document,
        (document.groups ?? []).map((group) =>
          group.id === edit.groupId ? { ...group, layers: [...group.layers, ...edit.layers] } : group,
        ),
      )
    case 'drop-missing':
      return dropMissing(document, edit.groupId)
  }
}

function documentOf(edited: Edited, otherwise: NetworkDocument): NetworkDocument {
  return 'document' in edited ? edited.document : otherwise
}

function withParams(
  edited: Edited,
  otherwise: NetworkDocument,
  params: Readonly<Record<string, unknown>>,
): NetworkDocument {
  if (!('document' in edited)) return otherwise
  const [id] = edited.ids
  return id === undefined ? edited.document : setParams(edited.document, id, params)
}

function addInput(document: NetworkDocument, before: string): NetworkDocument {
  const id = freshId(idStem('input'), takenIds(document))
  const params = layerKinds.get('input')?.params.parse({}) ?? {}
  const layers = document.layers.map((layer) =>
    layer.id === before && layer.inputs.length === 0 ? { ...layer, inputs: [id] } : layer,
  )
  return { ...document, layers: [{ id, kind: 'input', params, inputs: [] }, ...layers] }
}

function renameSecond(document: NetworkDocument, id: string): NetworkDocument {
  const first = document.layers.findIndex((layer) => layer.id === id)
  const second = document.layers.findIndex((layer, index) => layer.id === id && index > first)
  if (second < 0) return document
  const fresh = freshId(id.replace(/\d+$/, '') || '_', takenIds(document))
  return { ...document, layers: document.layers.map((layer, at) => (at === second ? { ...layer, id: fresh } : layer)) }
}

function dropMissing(document: NetworkDocument, groupId: string): NetworkDocument {
  const known = new Set(document.layers.map(({ id }) => id))
  const groups = (document.groups ?? []).map((group) =>
    group.id === groupId ? { ...group, layers: group.layers.filter((id) => known.has(id)) } : group,
  )
  return withGroups(document, groups)
}

function problemKeys({ problems }: NetworkAnalysis): Set<string> {
  return new Set(problems.map(keyOf))
}

function keyOf({ layerId, code }: NetworkProblem): string {
  return `${layerId} ${code}`
}

function mendsFit(analysis: NetworkAnalysis, problem: NetworkProblem): boolean {
  const { height, width, channels, classes, data } = problem.params
  const format = { title: String(data), shape: [height, width, channels].map(Number), classes: Number(classes) }
  return fitProblems(analysis, format).every(({ code }) => code !== problem.code)
}
