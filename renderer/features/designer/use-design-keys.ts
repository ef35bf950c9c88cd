import type { VueFlowStore } from '@vue-flow/core'
import { useEventListener } from '@vueuse/core'
import { nextTick } from 'vue'
import { t } from '../../i18n/text'
import { done, isModal, isTyping, press, shortcutOf, type Actions } from '../../shortcuts/press'
import { useDesign } from '../../stores/design'
import { useDesignView } from '../../stores/design-view'
import { useCanvasFit } from './use-canvas-fit'
import { useConnecting } from './use-connecting'
import { useEdgeWalk } from './use-edge-walk'
import { useEdits } from './use-edits'
import { walk, type Direction } from './walk'

const groups = ['edit', 'layers', 'canvas'] as const

/** The keys of the Design screen. Text fields keep theirs. */
export function useDesignKeys(flow: VueFlowStore): void {
  const design = useDesign()
  const view = useDesignView()
  const edits = useEdits()
  const edges = useEdgeWalk()
  const { finishAt } = useConnecting()
  const { fit } = useCanvasFit(flow)

  const actions: Actions<(typeof groups)[number]> = {
    undo: () => done(edits.undo),
    redo: () => done(edits.redo),
    cut: () => !hasMarkedWords() && done(edits.cutSelected),
    copy: () => !hasMarkedWords() && done(edits.copySelected),
    paste: () => done(edits.paste),
    duplicate: () => done(edits.duplicate),
    remove: () => done(removeSelected),
    selectAll: () => done(edits.selectAll),
    group: () => done(edits.group),
    ungroup: () => done(edits.ungroup),
    add: () => done(() => view.requestFocus('search')),
    insert: ({ target }) => edges.insert(layerOf(target)),
    connect: startConnecting,
    edge: ({ target }) => edges.enter(layerOf(target)),
    rename: () => design.selection.length === 1 && done(() => view.requestFocus('label')),
    change: ({ target }) => onEnter(target),
    leave: onEscape,
    walk: go,
    extend: go,
    nudge,
    zoomIn: () => done(flow.zoomIn),
    zoomOut: () => done(flow.zoomOut),
    fit: () => done(fit),
    layOut: () =>
      done(() => {
        edits.layOutAll()
        void nextTick(fit)
      }),
  }

  function removeSelected(): void {
    const edge = view.selectedEdge
    edits.removeSelected()
    if (edge) design.select([edge.to])
    view.requestFocus('layer')
  }

  function startConnecting(): boolean {
    const id = design.selection.at(-1)
    if (id === undefined) return false
    view.startConnecting({ id, end: 'source', by: 'steps' })
    view.announce(t('design.connecting', { id }))
    return true
  }

  function onEnter(target: EventTarget | null): boolean {
    const focused = layerOf(target)
    if (focused === null) return isOnCanvas(target) && view.selectedEdge !== null && edges.insert()
    if (view.connecting) {
      finishAt(focused)
      return true
    }
    design.select([focused])
    return done(() => view.requestFocus('inspector'))
  }

  function onEscape(): boolean {
    if (view.connecting) return done(view.stopConnecting)
    if (design.selection.length === 0 && !view.selectedEdge) return false
    edges.leave()
    design.select([])
    return true
  }

  function go(event: KeyboardEvent): boolean {
    const document = design.document
    const focused = layerOf(event.target)
    const direction = directionOf(event)
    if (!document || (focused === null && !isOnCanvas(event.target))) return false
    if (focused === null && view.selectedEdge) return edges.walk(direction)
    const from = focused ?? design.selection.at(-1) ?? null
    const next = from === null ? (document.layers[0]?.id ?? null) : walk(document, view.places, from, direction)
    if (next === null) return true
    // While connecting the selection stays with where the connection begins.
    if (view.connecting) focusLayer(next)
    else {
      design.select(event.shiftKey ? [...design.selection.filter((id) => id !== next), next] : [next])
      view.requestFocus('layer')
    }
    return true
  }

  function nudge(event: KeyboardEvent): boolean {
    const [x, y] = steps[directionOf(event)]
    return design.selection.length > 0 && done(() => edits.nudge(x, y))
  }

  useEventListener(window, 'keydown', (event) => {
    const id = shortcutOf(groups, event)
    if (id === null || event.defaultPrevented) return
    // What is typed into the inspector is in the design already, so its history is the design's.
    const isHistory = (id === 'undo' || id === 'redo') && isOfDesign(event.target)
    if ((isHistory || !isTyping(event.target)) && !isModal()) press(groups, actions, event)
  })
}

const steps: Readonly<Record<Direction, readonly [number, number]>> = {
  up: [0, -1],
  down: [0, 1],
  left: [-1, 0],
  right: [1, 0],
}

/** Of an arrow key. */
function directionOf({ key }: KeyboardEvent): Direction {
  return key.replace('Arrow', '').toLowerCase() as Direction
}

function focusLayer(id: string): void {
  document.querySelector<HTMLElement>(`[data-testid=design-canvas] [data-layer="${id}"]`)?.focus()
}

function layerOf(target: EventTarget | null): string | null {
  return target instanceof HTMLElement ? (target.dataset.layer ?? null) : null
}

/** Nothing has the focus, or a connection has. */
function isOnCanvas(target: EventTarget | null): boolean {
  return target === document.body || (target instanceof SVGElement && target.dataset.edge !== undefined)
}

/** Words that are marked to be copied are not layers. */
function hasMarkedWords(): boolean {
  return String(getSelection() ?? '') !== ''
}

/** The palette's search belongs to no document. */
function isOfDesign(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && !target.matches('[role=combobox]')
}
