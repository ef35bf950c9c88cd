import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import type { LayerCategory } from '../../shared/layers/define'
import { layerKinds } from '../../shared/layers/registry'
import { refuseConnection } from '../../shared/network/edit/connect'
import type { Position } from '../../shared/network/edit/graph'
import { networkWarnings } from '../../shared/network/warnings'
import type { NetworkWarning } from '../../shared/network/warnings/rule'
import { lookDrawer, type EdgeLook } from '../features/designer/edge-looks'
import { edgesOf, outputEdgeOf, routeEdges, type EdgeRoute, type GraphEdge } from '../features/designer/edge-routes'
import { cardDrawer, type LayerCard, type Mark } from '../features/designer/layer-cards'
import { placesOf, positionKey, structureKey, type Places } from '../features/designer/places'
import {
  edgeProblems,
  layerMarks,
  listProblems,
  listWarnings,
  type ListedProblem,
} from '../features/designer/problem-list'
import { refusalText } from '../features/designer/refusal-text'
import { useAfterPaint } from '../lib/after-paint'
import { useEntries } from '../lib/entries'
import { useDesign } from './design'
import { useNetwork } from './network'
import { useTrainingForm } from './training-form'

export interface ConnectTarget {
  readonly allowed: boolean
  readonly reason: string
}

type FocusPart = 'search' | 'inspector' | 'label' | 'layer' | 'edge'

/** Where a new layer is joined to: behind the layer `id`, which gives the value, or in front of it, where it waits for one. */
export interface Joint {
  readonly id: string
  readonly end: 'source' | 'target'
}

/** A connection that is being made from one end. */
interface Connecting extends Joint {
  /** By dragging, or step by step with the keyboard or clicks. */
  readonly by: 'drag' | 'steps'
}

/** Where a layer that is chosen from the list goes: onto a connection, or to an empty place of the canvas. */
export type Inserting =
  | { readonly on: 'edge'; readonly edge: GraphEdge }
  | { readonly on: 'pane'; readonly at: Position; readonly joint: Joint | null }

const manyLayers = 60

/** What the canvas shows of the design: places, cards, problems, and what the person is in the middle of. */
export const useDesignView = defineStore('design-view', () => {
  const design = useDesign()
  const network = useNetwork()
  const form = useTrainingForm()
  const box = shallowRef({ width: 900, height: 640 })
  const selectedEdge = shallowRef<GraphEdge | null>(null)
  const inserting = shallowRef<Inserting | null>(null)
  const aimedEdge = ref<string | null>(null)
  /** The layer that the pointer was over last. */
  const hovered = ref<string | null>(null)
  const connecting = shallowRef<Connecting | null>(null)
  const announcement = ref('')
  const problemsOpen = ref(false)
  /** Counts requests to put the focus somewhere; the parts that own the place watch it. */
  const focusRequest = shallowRef<{ readonly part: FocusPart } | null>(null)

  const structure = computed(() => (design.document ? structureKey(design.document) : ''))
  /** Kept as long as nothing moved, so that the canvas is not built anew while one types. */
  const places = kept<Places>(
    () =>
      `${box.value.width}x${box.value.height} ${structure.value} ${design.document ? positionKey(design.document) : ''}`,
    () => (design.document ? placesOf(design.document, box.value.width, box.value.height) : new Map()),
  )
  const edges = kept<readonly GraphEdge[]>(
    () => structure.value,
    () => edgesOf(design.document?.layers ?? []),
  )
  const categories = kept<ReadonlyMap<string, LayerCategory>>(
    () => structure.value,
    () => new Map(design.document?.layers.map(({ id, kind }) => [id, layerKinds.get(kind)?.category ?? 'shape'])),
  )
  const selectedIds = computed<ReadonlySet<string>>(() => new Set(design.selection))
  /** Then only layers that are pointed at or selected have handles: hundreds of them slow the window down. */
  const isLarge = computed(() => places.value.size > manyLayers)
  /** From the last layer to what comes out. */
  const outputEdge = kept<GraphEdge | null>(
    () => structure.value,
    () => (design.document ? outputEdgeOf(design.document) : null),
  )
  const routes = computed<ReadonlyMap<string, EdgeRoute>>(() => routeEdges(edges.value, places.value))

  const warnings: Readonly<ShallowRef<readonly NetworkWarning[]>> = useAfterPaint(
    () => [network.analysis, form.config],
    (): readonly NetworkWarning[] => {
      const { config } = form
      const options = config ? { loss: config.loss.type, batchSize: config.batch_size } : {}
      const found = network.analysis ? networkWarnings(network.analysis, options) : []
      // The same warnings again are no news to whoever shows them.
      return JSON.stringify(found) === JSON.stringify(warnings.value) ? warnings.value : found
    },
    [],
  )
  const problems = computed<readonly ListedProblem[]>(() => {
    const document = design.document
    return document ? [...listProblems(document, network.problems), ...listWarnings(document, warnings.value)] : []
  })
  const marks = computed<ReadonlyMap<string, Mark>>(() => layerMarks(problems.value))
  const edgeMarks = computed<ReadonlyMap<string, Mark>>(() => edgeProblems(problems.value))

  const drawCards = cardDrawer()
  const drawnCards = computed<ReadonlyMap<string, LayerCard>>(() => {
    const [document, analysis] = [design.document, network.analysis]
    return document && analysis ? drawCards(document, analysis, marks.value) : new Map()
  })
  const cards = useEntries(() => drawnCards.value)

  const drawLooks = lookDrawer()
  /** How each edge looks, the one to the output among them. */
  const looks = useEntries<EdgeLook>(() => {
    const [document, analysis] = [design.document, network.analysis]
    if (!document || !analysis) return new Map()
    const all = outputEdge.value ? [...edges.value, outputEdge.value] : edges.value
    return drawLooks(all, { document, analysis, cards: drawnCards.value, marks: edgeMarks.value })
  })

  /** By layer, while a connection is made: whether it may end there. */
  const targets = computed<ReadonlyMap<string, ConnectTarget> | null>(() => {
    const from = connecting.value
    if (!from) return null
    const document = design.document
    if (!document) return null
    return new Map(
      document.layers.map(({ id }) => {
        const refusal =
          from.end === 'source' ? refuseConnection(document, from.id, id) : refuseConnection(document, id, from.id)
        return [id, { allowed: refusal === null, reason: refusal && id !== from.id ? refusalText(refusal) : '' }]
      }),
    )
  })

  /** A connection that is gone is not selected. */
  watch(edges, (now) => {
    if (!now.some(({ id }) => id === selectedEdge.value?.id)) selectedEdge.value = null
  })

  /** Tells screen readers; the same sentence twice is told twice. */
  function announce(text: string): void {
    announcement.value = announcement.value === text ? `${text}\u00a0` : text
  }

  function startConnecting(next: Connecting): void {
    selectedEdge.value = null
    connecting.value = next
  }

  function stopConnecting(): void {
    connecting.value = null
  }

  function selectEdge(edge: GraphEdge | null): void {
    selectedEdge.value = edge
    if (edge) design.select([])
  }

  function requestFocus(part: FocusPart): void {
    focusRequest.value = { part }
  }

  return {
    box,
    places,
    edges,
    outputEdge,
    categories,
    routes,
    cards,
    problems,
    looks,
    targets,
    selectedEdge,
    selectedIds,
    inserting,
    hovered,
    isLarge,
    aimedEdge,
    connecting,
    announcement,
    problemsOpen,
    focusRequest,
    announce,
    startConnecting,
    stopConnecting,
    selectEdge,
    requestFocus,
  }
})

/** What `make` gives stays the very same as long as `key` does. */
function kept<T>(key: () => string, make: () => T): ComputedRef<T> {
  let last: { readonly key: string; readonly value: T } | null = null
  return computed(() => {
    const now = key()
    if (last?.key !== now) last = { key: now, value: make() }
    return last.value
  })
}
