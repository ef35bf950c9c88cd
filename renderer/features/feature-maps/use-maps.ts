import { computed, nextTick, shallowReactive, watch, type Ref } from 'vue'
import type { LayerStatistics, MapsPage } from '../../../shared/inspect/answers'
import { useInside } from '../../stores/inside'
import { notePainted } from '../inside/stroke-clock'
import { useAnswer } from '../inside/use-answer'
import type { MapPageLayout } from './map-layout'
import { mapTiles } from './map-layout'
import type { MapRow } from './map-rows'
import { pageOf } from './pages'

/** What one question may ask for; one page is kept for the chosen map. */
const mostPages = 63

/** A map that is looked at in large. */
export interface MapPlace {
  readonly layer: string
  readonly channel: number
}

/** Asks for the maps of the rows that are in sight, for both sides of a comparison. */
export function useMaps(
  rows: Readonly<Ref<readonly MapRow[]>>,
  layoutOf: (row: MapRow) => MapPageLayout,
  selected: Readonly<Ref<MapPlace | null>>,
) {
  const inside = useInside()
  const visible = shallowReactive(new Set<string>())
  /** The first channel that is shown; rows of a block turn their pages together. */
  const firsts = shallowReactive(new Map<string, number>())

  function see(row: MapRow, isSeen: boolean): void {
    if (isSeen) visible.add(row.layer.node.id)
    else visible.delete(row.layer.node.id)
  }
  function firstOf(row: MapRow): number {
    const { size } = layoutOf(row)
    const first = firsts.get(pageKey(row)) ?? 0
    // A page begins at a multiple of its size, also after the window changed.
    return Math.floor(Math.min(first, row.channels - 1) / size) * size
  }
  function turn(row: MapRow, first: number): void {
    firsts.set(pageKey(row), Math.max(0, first))
  }
  function wantedOf(row: MapRow): { layer: string; first: number; count: number } {
    const first = firstOf(row)
    return { layer: row.layer.node.id, first, count: mapTiles(layoutOf(row), row.channels, first).count }
  }

  const pages = computed(() => {
    const seen = rows.value.filter((row) => visible.has(row.layer.node.id)).slice(0, mostPages)
    const chosen = selected.value
    const one = chosen ? [{ layer: chosen.layer, first: chosen.channel, count: 1 }] : []
    return [...seen.map(wantedOf), ...one]
  })
  /** Whether the other network has the layer, too, in the same size. */
  function isAlike(layer: string): boolean {
    const [own, other] = [inside.analysis?.byId.get(layer), inside.otherAnalysis?.byId.get(layer)]
    return own !== undefined && own.shape.join() === other?.shape.join()
  }
  const otherPages = computed(() => pages.value.filter(({ layer }) => isAlike(layer)))
  const main = useAnswer(() =>
    inside.analysis ? ({ type: 'activations', picture: inside.picture, pages: pages.value } as const) : null,
  )
  const other = useAnswer(
    () =>
      inside.compare && inside.otherAnalysis
        ? ({ type: 'activations', picture: inside.compare.picture, pages: otherPages.value } as const)
        : null,
    'other',
  )
  const otherAnswer = computed(() => (inside.compare ? other.answer.value : null))

  watch(main.answer, async () => {
    const picture = main.answered.value?.picture
    await nextTick()
    if (picture) notePainted(picture)
  })

  function pageIn(of: readonly MapsPage[] | undefined, row: MapRow): MapsPage | null {
    return pageOf(of, { ...wantedOf(row), height: row.height, width: row.width })
  }
  function find(of: readonly LayerStatistics[] | undefined, layer: string): LayerStatistics | null {
    return of?.find((one) => one.layer === layer) ?? null
  }
  /** Of both sides; null for what is not here or is not alike. */
  function statisticsOf(layer: string): readonly [LayerStatistics | null, LayerStatistics | null] {
    return [find(main.answer.value?.layers, layer), isAlike(layer) ? find(otherAnswer.value?.layers, layer) : null]
  }
  /** End of a scale that holds all values of a layer, on both sides. */
  function limitOf(layer: string): number {
    return Math.max(0, ...statisticsOf(layer).map((one) => (one ? Math.max(Math.abs(one.min), Math.abs(one.max)) : 0)))
  }

  return {
    answer: main.answer,
    error: main.error,
    retry: main.retry,
    otherAnswer,
    otherError: other.error,
    see,
    firstOf,
    turn,
    pageIn,
    statisticsOf,
    limitOf,
  }
}

function pageKey({ block, channels }: MapRow): string {
  return `${block}/${channels}`
}
