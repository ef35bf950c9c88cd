import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { NetworkAnalysis } from '../../shared/network/analyze'
import { refuseConnection } from '../../shared/network/edit/connect'
import { routeEdges, type EdgeRoute, type GraphEdge } from '../features/designer/edge-routes'
import { layerCards, type LayerCard, type Mark } from '../features/designer/layer-cards'
import { placesOf, structureKey, type Places } from '../features/designer/places'
import { edgeProblems, layerMarks, listProblems, type ListedProblem } from '../features/designer/problem-list'
import { refusalText } from '../features/designer/refusal-text'
import { locale } from '../i18n/text'
import { useDesign } from './design'
import { useNetwork } from './network'

export interface ConnectTarget {
  readonly allowed: boolean
  readonly reason: string
}

/** A connection that is being made from one end. */
interface Connecting {
  readonly id: string
  /** Whether `id` gives the value, or is waiting for one. */
  readonly end: 'source' | 'target'
  /** By dragging, or step by step with the keyboard or clicks. */
  readonly by: 'drag' | 'steps'
}

/** What the canvas shows of the design: places, cards, problems, and what the person is in the middle of. */
export const useDesignView = defineStore('design-view', () => {
  const design = useDesign()
  const network = useNetwork()
  const box = shallowRef({ width: 900, height: 640 })
  const selectedEdge = shallowRef<GraphEdge | null>(null)
  const aimedEdge = ref<string | null>(null)
  const connecting = shallowRef<Connecting | null>(null)
  const announcement = ref('')
  const problemsOpen = ref(false)
  /** Counts requests to put the focus somewhere; the parts that own the place watch it. */
  const focusRequest = shallowRef<{ readonly part: 'search' | 'inspector' | 'label' | 'layer' } | null>(null)

  let placed: { readonly key: string; readonly places: Places } | null = null
  /** Kept as long as nothing moved, so that the canvas is not built anew while one types. */
  const places = computed<Places>(() => {
    const document = design.document
    if (!document) return new Map()
    const spots = document.layers.map(({ position }) => (position ? `${position.x},${position.y}` : '-')).join(' ')
    const key = `${box.value.width}x${box.value.height} ${structureKey(document)} ${spots}`
    if (placed?.key !== key) placed = { key, places: placesOf(document, box.value.width, box.value.height) }
    return placed.places
  })

  let listed: { readonly key: string; readonly edges: readonly GraphEdge[] } | null = null
  const edges = computed<readonly GraphEdge[]>(() => {
    const document = design.document
    if (!document) return []
    const key = structureKey(document)
    if (listed?.key !== key) listed = { key, edges: edgesOf(document.layers) }
    return listed.edges
  })
  const routes = computed<ReadonlyMap<string, EdgeRoute>>(() => routeEdges(edges.value, places.value))

  const problems = computed<readonly ListedProblem[]>(() =>
    network.analysis && design.document ? listProblems(network.analysis, design.document) : [],
  )
  const marks = computed<ReadonlyMap<string, Mark>>(() => layerMarks(problems.value))
  const edgeMarks = computed<ReadonlyMap<string, Mark>>(() => edgeProblems(problems.value))

  let drawn: { readonly language: string; readonly cards: ReadonlyMap<string, LayerCard> } | null = null
  const cards = computed<ReadonlyMap<string, LayerCard>>(() => {
    const [document, analysis] = [design.document, network.analysis]
    if (!document || !analysis) return new Map()
    const before = drawn?.language === locale.value ? drawn.cards : new Map<string, LayerCard>()
    drawn = { language: locale.value, cards: layerCards(document, analysis, marks.value, before) }
    return drawn.cards
  })

  /** By layer, while a connection is made: whether it may end there. */
  const targets = computed<ReadonlyMap<string, ConnectTarget> | null>(() => {
    const [from, document] = [connecting.value, design.document]
    if (!from || !document) return null
    return new Map(
      document.layers.map(({ id }) => {
        const refusal =
          from.end === 'source' ? refuseConnection(document, from.id, id) : refuseConnection(document, id, from.id)
        return [id, { allowed: refusal === null, reason: refusal && id !== from.id ? refusalText(refusal) : '' }]
      }),
    )
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

  function requestFocus(part: 'search' | 'inspector' | 'label' | 'layer'): void {
    focusRequest.value = { part }
  }

  return {
    box,
    places,
    edges,
    routes,
    cards,
    problems,
    edgeMarks,
    targets,
    selectedEdge,
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

function edgesOf(layers: NetworkAnalysis['document']['layers']): GraphEdge[] {
  const known = new Set(layers.map((layer) => layer.id))
  return layers.flatMap(({ id: to, inputs }) =>
    inputs.flatMap((from, slot) => (known.has(from) ? { id: `${from}>${to}:${slot}`, from, to, slot } : [])),
  )
}
