import { computed } from 'vue'
import { formatShape } from '../../../shared/network/shape'
import { useDesign } from '../../stores/design'
import { useDesignView } from '../../stores/design-view'
import { useNetwork } from '../../stores/network'
import { outputNodeId } from './graph-layout'

export type EdgeTone = 'data' | 'inner' | 'result' | 'error' | 'warning'

/** What an edge of the design, given by the layers at its ends, says and how it is coloured. */
export interface EdgeLook {
  toneOf(from: string, to: string): EdgeTone
  /** What flows through it; `?` while that is unknown. */
  shapeOf(from: string, to: string): string
  /** What is wrong with it; empty for nothing. */
  titleOf(from: string, to: string): string
}

export function useEdgeLook(): EdgeLook {
  const design = useDesign()
  const view = useDesignView()
  const network = useNetwork()

  const inputId = computed(() => network.analysis?.input?.node.id ?? null)
  const groupOf = computed(() => {
    const owners = new Map<string, { readonly id: string; readonly repeat: number }>()
    for (const group of design.document?.groups ?? []) for (const id of group.layers) owners.set(id, group)
    return owners
  })

  function toneOf(from: string, to: string): EdgeTone {
    const mark = view.edgeMarks.get(`${from}>${to}`)
    if (mark) return mark.severity === 'error' ? 'error' : 'warning'
    if (to === outputNodeId) return 'result'
    return from === inputId.value ? 'data' : 'inner'
  }

  /** What leaves a repeated block leaves its last copy, whose shape may be another one. */
  function shapeOf(from: string, to: string): string {
    const group = groupOf.value.get(from)
    const analysis = network.analysis
    if (analysis && group && group.repeat > 1 && groupOf.value.get(to) !== group) {
      for (const layer of analysis.layers) {
        const origin = analysis.origins.get(layer.node.id)
        if (origin?.layerId === from && origin.repeat === group.repeat) return formatShape(layer.shape)
      }
    }
    return view.cards.get(from)?.shape || '?'
  }

  function titleOf(from: string, to: string): string {
    return view.edgeMarks.get(`${from}>${to}`)?.text ?? ''
  }

  return { toneOf, shapeOf, titleOf }
}
