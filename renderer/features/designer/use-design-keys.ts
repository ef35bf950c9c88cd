import type { VueFlowStore } from '@vue-flow/core'
import { useEventListener } from '@vueuse/core'
import { nextTick } from 'vue'
import { useDesign } from '../../stores/design'
import { useDesignView } from '../../stores/design-view'
import { t } from '../../i18n/text'
import { useCanvasFit } from './use-canvas-fit'
import { useConnecting } from './use-connecting'
import { useEdits } from './use-edits'
import { walk, type Direction } from './walk'

const arrows: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
}

/** The keys of the Design screen. Text fields keep theirs. */
export function useDesignKeys(flow: VueFlowStore): void {
  const design = useDesign()
  const view = useDesignView()
  const edits = useEdits()
  const { finishAt } = useConnecting()
  const { fit } = useCanvasFit(flow)

  function onHistory(event: KeyboardEvent): boolean {
    const key = event.key.toLowerCase()
    if (key === 'z') return done(event.shiftKey ? edits.redo : edits.undo)
    return key === 'y' && done(edits.redo)
  }

  function onControl(event: KeyboardEvent): boolean {
    if (onHistory(event)) return true
    const key = event.key.toLowerCase()
    if (key === 'a') return done(edits.selectAll)
    if (key === 'd') return done(edits.duplicate)
    if (key === 'g') return done(event.shiftKey ? edits.ungroup : edits.group)
    // Words that are marked to be copied are not layers.
    if ((key === 'c' || key === 'x') && String(getSelection() ?? '') !== '') return false
    if (key === 'c') return done(() => void edits.copySelected())
    if (key === 'x') return done(() => void edits.cutSelected())
    if (key === 'v') return done(() => void edits.paste())
    return false
  }

  function onKey(event: KeyboardEvent): boolean {
    const direction = arrows[event.key]
    if (direction) return event.altKey ? nudge(direction) : go(direction, event)
    if (event.altKey) return false
    switch (event.key) {
      case 'Delete':
      case 'Backspace':
        return done(() => {
          edits.removeSelected()
          view.requestFocus('layer')
        })
      case 'Enter':
        return onEnter(event.target)
      case 'Escape':
        return onEscape()
      case 'F2':
        return design.selection.length === 1 && done(() => view.requestFocus('label'))
      case '+':
      case '=':
        return done(() => void flow.zoomIn())
      case '-':
        return done(() => void flow.zoomOut())
      case '0':
        return done(fit)
    }
    switch (event.key.toLowerCase()) {
      case 'a':
        return done(() => view.requestFocus('search'))
      case 'c':
        return startConnecting()
      case 'l':
        return done(() => {
          edits.layOutAll()
          void nextTick(fit)
        })
      default:
        return false
    }
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
    if (focused === null) return false
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
    view.selectEdge(null)
    design.select([])
    return true
  }

  function go(direction: Direction, event: KeyboardEvent): boolean {
    const document = design.document
    const focused = layerOf(event.target)
    const from = focused ?? design.selection.at(-1) ?? null
    if (!document || (focused === null && event.target !== window.document.body)) return false
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

  function nudge(direction: Direction): boolean {
    const [x, y] = { up: [0, -1], down: [0, 1], left: [-1, 0], right: [1, 0] }[direction] as [number, number]
    return design.selection.length > 0 && done(() => edits.nudge(x, y))
  }

  useEventListener(window, 'keydown', (event) => {
    if (event.defaultPrevented || isModal()) return
    const control = event.ctrlKey || event.metaKey
    if (isTyping(event.target)) {
      // What is typed into the inspector is in the design already, so its history is the design's.
      if (control && !event.altKey && isOfDesign(event.target) && onHistory(event)) event.preventDefault()
      return
    }
    if (control ? !event.altKey && onControl(event) : onKey(event)) event.preventDefault()
  })
}

function focusLayer(id: string): void {
  document.querySelector<HTMLElement>(`[data-testid=design-canvas] [data-layer="${id}"]`)?.focus()
}

function layerOf(target: EventTarget | null): string | null {
  return target instanceof HTMLElement ? (target.dataset.layer ?? null) : null
}

function done(work: () => void): true {
  work()
  return true
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.matches('input, textarea, select') || target.isContentEditable)
}

/** The palette's search belongs to no document. */
function isOfDesign(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && !target.matches('[role=combobox]')
}

function isModal(): boolean {
  return document.querySelector('[role=dialog], [role=alertdialog], [role=listbox], [role=menu]') !== null
}
