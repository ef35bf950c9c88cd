import { call } from '../../api/bridge'
import { addLayer, appendLayer, insertOnEdge, lastLayer } from '../../../shared/network/edit/add'
import {
  clearPositions,
  labelLayer,
  moveLayers,
  renameLayer,
  renameNetwork,
  setParams,
} from '../../../shared/network/edit/change'
import { connect, disconnect, swapInputs } from '../../../shared/network/edit/connect'
import { copyLayers, duplicateLayers, pasteLayers } from '../../../shared/network/edit/fragment'
import type { Position } from '../../../shared/network/edit/graph'
import { changeGroup, groupLayers, ungroupLayers } from '../../../shared/network/edit/group'
import { removeLayers } from '../../../shared/network/edit/remove'
import type { Edited } from '../../../shared/network/edit/result'
import type { NetworkDocument } from '../../../shared/network/document'
import { t, tn, type TextKey } from '../../i18n/text'
import { copyText } from '../../lib/clipboard'
import { useDesign, type EditLabel, type EditOptions } from '../../stores/design'
import { useDesignView, type Joint } from '../../stores/design-view'
import { useToasts } from '../../stores/toasts'
import type { GraphEdge } from './edge-routes'
import { grid, nodeHeight, nodeWidth, outputNodeId, rankGap } from './graph-layout'
import { labelText } from './history-text'
import { clearOf, isAutomatic, makeRoom, nextFree } from './places'
import { refusalText } from './refusal-text'

/** How far a copy stands from its original. */
const copyOffset = { x: 6 * grid, y: 6 * grid }

/** Everything that can be done to the design. Each edit is one step of the history and is told to screen readers. */
export function useEdits() {
  const design = useDesign()
  const view = useDesignView()
  const toasts = useToasts()

  /** Applies an edit or says why not; whether it was done. */
  function apply(label: (ids: readonly string[]) => EditLabel, edited: Edited, options: EditOptions = {}): boolean {
    if ('refusal' in edited) {
      const text = refusalText(edited.refusal)
      toasts.inform(text)
      view.announce(text)
      return false
    }
    const what = label(edited.ids)
    const changed = edited.document !== design.document
    design.applyEdit(what, edited.document, { select: edited.ids, ...options })
    if (changed) view.announce(t('history.done', { what: labelText(what) }))
    return true
  }

  function named(key: TextKey): (ids: readonly string[]) => EditLabel {
    return (ids) => ({ key, params: { id: ids[0] ?? '', n: ids.length } })
  }

  /** The document with every layer standing where it is shown, so that moving one leaves the others. */
  function pinned(document: NetworkDocument): NetworkDocument {
    const places = new Map([...view.places].filter(([id]) => id !== outputNodeId))
    return isAutomatic(document) ? moveLayers(document, places) : document
  }

  /** Puts a layer with its middle at `at`, connected to nothing or to the layer that a connection was drawn from. */
  function addAt(kind: string, at: Position, joint: Joint | null = null): boolean {
    const document = design.document
    if (!document) return false
    const position = { x: snap(at.x - nodeWidth / 2), y: snap(at.y - nodeHeight / 2) }
    const added = addLayer(pinned(document), kind, position)
    return apply(named('history.add'), joint ? joined(added, joint) : added)
  }

  /** Puts a layer behind the selected one, else at the end. `branch` leaves what took its output where it was. */
  function append(kind: string, branch = false): boolean {
    const document = design.document
    if (!document) return false
    const after = design.selection.at(-1) ?? lastLayer(document)?.id ?? null
    if (isAutomatic(document) || after === null)
      return apply(named('history.add'), appendLayer(document, kind, after, { branch }))
    const from = view.places.get(after) ?? { x: 0, y: 0 }
    const next = document.layers.find((layer) => layer.inputs.includes(after))
    const to = next && !branch ? view.places.get(next.id) : undefined
    const room = to
      ? makeRoom(view.places, from, to)
      : {
          position: nextFree(view.places, { x: from.x, y: from.y + nodeHeight + rankGap }),
          moved: new Map<string, Position>(),
        }
    const edited = appendLayer(moveLayers(document, room.moved), kind, after, { position: room.position, branch })
    return apply(named('history.add'), edited)
  }

  function insert(kind: string, edge: GraphEdge): boolean {
    const document = design.document
    if (!document) return false
    if (isAutomatic(document)) return apply(named('history.insert'), insertOnEdge(document, kind, edge))
    const [from, to] = [view.places.get(edge.from), view.places.get(edge.to)]
    if (!from || !to) return apply(named('history.insert'), insertOnEdge(document, kind, edge))
    const { position, moved } = makeRoom(view.places, from, to)
    return apply(named('history.insert'), insertOnEdge(moveLayers(document, moved), kind, edge, position))
  }

  function link(from: string, to: string): boolean {
    const document = design.document
    return (
      document !== null && apply(() => ({ key: 'history.connect', params: { from, to } }), connect(document, from, to))
    )
  }

  function unlink(to: string, slot: number): void {
    if (!design.document) return
    const done = apply(() => ({ key: 'history.disconnect', params: { to } }), disconnect(design.document, to, slot))
    if (done) view.selectEdge(null)
  }

  function moveInputUp(to: string, slot: number): void {
    if (design.document) apply(named('history.reorder'), swapInputs(design.document, to, slot - 1))
  }

  /** Removes the selected layers, or the selected connection. */
  function removeSelected(): void {
    const edge = view.selectedEdge
    if (edge) return unlink(edge.to, edge.slot)
    const count = design.selection.length
    if (!design.document) return
    apply(() => ({ key: 'history.delete', params: { n: count } }), removeLayers(design.document, design.selection))
  }

  async function copySelected(): Promise<boolean> {
    const text = design.document && copyLayers(design.document, design.selection)
    if (!text) {
      view.announce(t('refusals.nothing-selected'))
      return false
    }
    const written = await toasts.guard(async () => {
      await copyText(text)
      return true
    })
    if (written) view.announce(tn('history.copied', design.selection.length))
    return written === true
  }

  async function cutSelected(): Promise<void> {
    const count = design.selection.length
    if (!(await copySelected()) || !design.document) return
    apply(() => ({ key: 'history.cut', params: { n: count } }), removeLayers(design.document, design.selection))
  }

  async function paste(): Promise<void> {
    const read = await toasts.guard(() => call('clipboard.read', undefined))
    if (read !== null && design.document) applyCopy('history.paste', pasteLayers(design.document, read, copyOffset))
  }

  function duplicate(): void {
    if (!design.document) return
    applyCopy('history.duplicate', duplicateLayers(design.document, design.selection, copyOffset))
  }

  function applyCopy(key: TextKey, edited: Edited): void {
    const automatic = design.document !== null && isAutomatic(design.document)
    apply(named(key), 'refusal' in edited ? edited : { ...edited, document: tidied(edited, automatic) })
  }

  /** Copies beside what stands there; among layers without a place all are laid out again. */
  function tidied(
    { document, ids }: { readonly document: NetworkDocument; readonly ids: readonly string[] },
    automatic: boolean,
  ) {
    if (automatic) return clearPositions(document)
    const placed = document.layers.flatMap(({ id, position }) => (position ? [[id, position] as const] : []))
    return moveLayers(document, clearOf(view.places, new Map(placed.filter(([id]) => ids.includes(id)))))
  }

  function group(): void {
    if (design.document) apply(named('history.group'), groupLayers(design.document, design.selection))
  }

  function ungroup(): void {
    if (design.document) apply(named('history.ungroup'), ungroupLayers(design.document, design.selection))
  }

  function setGroup(id: string, change: { readonly label?: string; readonly repeat?: number }): void {
    const name = design.document?.groups?.find((one) => one.id === id)?.label ?? id
    if (!design.document) return
    const edited = changeGroup(design.document, id, change)
    apply(() => ({ key: 'history.changeGroup', params: { name } }), edited, { merge: `group ${id}` })
  }

  /** Puts layers where they were dragged to. */
  function move(moved: ReadonlyMap<string, Position>, merge?: string): void {
    if (!design.document || moved.size === 0) return
    const label: EditLabel = { key: 'history.move', params: { n: moved.size } }
    const next = moveLayers(pinned(design.document), moved)
    design.applyEdit(label, next, merge === undefined ? {} : { merge })
  }

  /** Moves the selected layers by steps of the grid. */
  function nudge(x: number, y: number): void {
    const moved = new Map<string, Position>()
    for (const id of design.selection) {
      const at = view.places.get(id)
      if (at) moved.set(id, { x: at.x + x * 2 * grid, y: at.y + y * 2 * grid })
    }
    move(moved, `nudge ${design.selection.join(' ')}`)
  }

  function layOutAll(): void {
    if (design.document) {
      apply(() => ({ key: 'history.layOut' }), { document: clearPositions(design.document), ids: design.selection })
    }
  }

  /** Sets one parameter as it was typed; typing on is the same step. */
  function setParam(id: string, name: string, title: string, value: unknown): void {
    if (!design.document) return
    const next = setParams(design.document, id, { [name]: value })
    design.applyEdit({ key: 'history.param', params: { id, name: title } }, next, { merge: `param ${id} ${name}` })
  }

  function setLabel(id: string, label: string): void {
    if (design.document) apply(named('history.label'), labelLayer(design.document, id, label), { merge: `label ${id}` })
  }

  function rename(id: string, to: string): boolean {
    const document = design.document
    return (
      document !== null &&
      apply(() => ({ key: 'history.rename', params: { from: id, to } }), renameLayer(document, id, to))
    )
  }

  function setNetworkName(name: string): boolean {
    const document = design.document
    return (
      document !== null &&
      apply(() => ({ key: 'history.network' }), renameNetwork(document, name), { select: design.selection })
    )
  }

  function undo(): void {
    const label = design.undo()
    view.selectEdge(null)
    view.announce(label ? t('history.undone', { what: labelText(label) }) : t('history.nothingToUndo'))
  }

  function redo(): void {
    const label = design.redo()
    view.announce(label ? t('history.redone', { what: labelText(label) }) : t('history.nothingToRedo'))
  }

  function selectAll(): void {
    design.select(design.document?.layers.map((layer) => layer.id) ?? [])
    view.announce(tn('design.selectedCount', design.selection.length))
  }

  return {
    addAt,
    append,
    insert,
    link,
    unlink,
    moveInputUp,
    removeSelected,
    copySelected,
    cutSelected,
    paste,
    duplicate,
    group,
    ungroup,
    setGroup,
    move,
    nudge,
    layOutAll,
    setParam,
    setLabel,
    rename,
    setNetworkName,
    undo,
    redo,
    selectAll,
  }
}

/** The layer that was added, connected as well: both are one step. */
function joined(added: Edited, { id, end }: Joint): Edited {
  if ('refusal' in added) return added
  const [fresh = ''] = added.ids
  const linked = end === 'source' ? connect(added.document, id, fresh) : connect(added.document, fresh, id)
  return 'refusal' in linked ? linked : { document: linked.document, ids: added.ids }
}

function snap(value: number): number {
  return Math.round(value / (2 * grid)) * 2 * grid
}
