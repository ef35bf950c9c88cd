import { useIntervalFn } from '@vueuse/core'
import { computed } from 'vue'
import { isSameMoment, type Moment, type Moments } from '../../../shared/inspect/source'
import { useInside, type Side } from '../../stores/inside'

/** A whole replay takes about this long, within bounds for each moment. */
const replayMs = 8000
const [shortest, longest] = [150, 700]

/**
 * The moments in order, from the random start on. The last one is `now`: the weights of this instant where the run is live,
 * else the newest checkpoint, which is mostly the last one of all.
 */
export function momentsInOrder({ stored, newest, live }: Moments): readonly Moment[] {
  const last = stored.at(-1)
  const endsWithIt = !live && last !== undefined && newest !== null && isSameMoment(last, newest)
  return [...(endsWithIt ? stored.slice(0, -1) : stored), { type: 'now' }]
}

/** The place of `moment` among the moments; what is not there counts as now. */
function placeOf(moment: Moment, order: readonly Moment[]): number {
  const at = order.findIndex((one) => isSameMoment(one, moment))
  return at < 0 ? order.length - 1 : at
}

/** Moves a side's moment over the training, by hand or by itself. */
export function useReplay(side: Side) {
  const inside = useInside()
  const known = computed(() => (side === 'main' ? inside.moments : inside.otherMoments))
  const order = computed(() => momentsInOrder(known.value))
  const moment = computed<Moment>({
    get: () => (side === 'main' ? inside.moment : (inside.compare?.moment ?? { type: 'now' })),
    set(value) {
      if (side === 'main') inside.moment = value
      else inside.changeComparison({ moment: value })
    },
  })
  const last = computed(() => order.value.length - 1)
  const place = computed({
    get: () => placeOf(moment.value, order.value),
    set: (at) => (moment.value = order.value[at] ?? { type: 'now' }),
  })

  const every = computed(() => Math.min(longest, Math.max(shortest, replayMs / order.value.length)))
  const { isActive: playing, pause, resume } = useIntervalFn(advance, every, { immediate: false })

  function advance(): void {
    // Each moment is shown before the next comes, however long its answer takes.
    if (inside.questions > 0) return
    if (place.value >= last.value) pause()
    else place.value++
  }

  function toggle(): void {
    if (playing.value) return pause()
    refresh()
    if (place.value >= last.value) place.value = 0
    resume()
  }

  /** Checkpoints within an epoch come and go unseen; they are looked for when somebody reaches for them. */
  function refresh(): void {
    void inside.refreshMoments()
  }

  return { known, moment, place, last, playing, toggle, pause, refresh }
}
