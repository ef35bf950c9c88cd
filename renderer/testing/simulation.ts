import type { RunSummary } from '../../shared/ipc/contract'
import { runConfigSchema } from '../../shared/training/config'
import { learningRateAt } from '../../shared/training/schedule'
import type { EpochResult, Progress, StepRecord } from '../../shared/training/state'
import { planRun } from '../features/training/rules'
import type { FakeBridge } from './fake-bridge'
import { mnistEntry, referenceNetwork, sampleEpoch, sampleKernels, sampleRun } from './samples'

const stepsPerTick = 12
const tickMilliseconds = 60

/** Lets `runs.start` train in appearance: a falling noisy loss, epochs, kernels, a result. For looking at the screens. */
export function simulateRuns(bridge: FakeBridge): void {
  let run: RunSummary | null = null
  let epochs: EpochResult[] = []
  const { 'runs.steps': pastSteps } = bridge.answers
  let timer: ReturnType<typeof setInterval> | null = null

  function change(part: Partial<RunSummary>): void {
    if (!run) return
    run = { ...run, ...part }
    bridge.emit('run.changed', run)
  }
  function end(part: Partial<RunSummary>): void {
    if (timer) clearInterval(timer)
    timer = null
    change({ ...part, endedAt: Date.now() })
  }

  bridge.answers['runs.start'] = ({ config: input }) => {
    const config = runConfigSchema.parse(input)
    epochs = []
    run = sampleRun({ config, createdAt: Date.now(), state: { type: 'starting' }, engine: null })
    const { stepsPerEpoch, totalSteps } = planRun(config, mnistEntry.info.counts)
    let step = 0
    timer = setInterval(() => {
      if (run?.state.type === 'starting') change({ state: { type: 'running' }, engine: sampleRun().engine })
      if (run?.state.type !== 'running') return
      const steps: StepRecord[] = []
      for (let i = 0; i < stepsPerTick && step < totalSteps; i++) {
        step++
        steps.push({
          step,
          loss: fakeLoss(step),
          learningRate: learningRateAt(config, step, stepsPerEpoch, totalSteps),
        })
      }
      const epoch = Math.min(config.epochs, Math.floor((step - 1) / stepsPerEpoch) + 1)
      const left = (totalSteps - step) / 50
      const progress: Progress = {
        epoch,
        epochs: config.epochs,
        step,
        totalSteps,
        imagesPerSecond: 3215,
        secondsLeft: left,
      }
      bridge.emit('run.progress', { id: run.id, progress, steps })
      bridge.emit('run.kernels', { id: run.id, step, kernels: sampleKernels(step / totalSteps) })
      const done = Math.floor(step / stepsPerEpoch)
      if (done > (run.lastEpoch?.epoch ?? 0)) finishEpoch(sampleEpoch(done))
      if (step >= totalSteps) end({ state: { type: 'finished', test: { loss: 0.0312, accuracy: 0.9907 } } })
    }, tickMilliseconds)
    return run
  }
  function finishEpoch(result: EpochResult): void {
    if (!run) return
    run = { ...run, lastEpoch: result }
    epochs.push(result)
    bridge.emit('run.epoch', { id: run.id, result })
  }
  bridge.answers['runs.pause'] = () => change({ state: { type: 'paused' } }) as undefined
  bridge.answers['runs.resume'] = () => change({ state: { type: 'running' } }) as undefined
  bridge.answers['runs.stop'] = () => end({ state: { type: 'stopped' } }) as undefined
  bridge.answers['runs.get'] = ({ id }) => {
    const past = [1, 2, 3, 4, 5].map((epoch) => sampleEpoch(epoch))
    const known = run?.id === id ? { ...run, epochs } : { ...sampleRun({ id }), epochs: past }
    return { ...known, document: referenceNetwork() }
  }
  bridge.answers['runs.steps'] = (input) => {
    const none = { step: new Int32Array(), loss: new Float32Array(), learningRate: new Float32Array() }
    return run?.id === input.id ? none : pastSteps(input)
  }
}

export function fakeLoss(step: number): number {
  const noise = Math.abs(Math.sin(step * 12.9898) * 43758.5453) % 1
  return (2.1 * Math.exp(-step / 120) + 0.22 * Math.exp(-step / 1500) + 0.02) * (0.45 + 1.1 * noise)
}
