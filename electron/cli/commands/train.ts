import type { Command } from 'commander'
import { resolve } from 'node:path'
import type { NetworkDocument } from '../../../shared/network/document'
import { requireSound } from '../../../shared/network/analyze'
import { requireFit } from '../../../shared/network/fit'
import { refuseIfTooLarge } from '../../../shared/network/memory'
import type { RunConfig } from '../../../shared/training/config'
import { findDataset } from '../../data/find-dataset'
import { givenWeights, keepGivenWeights } from '../../main/runs/given-weights'
import { memoryForTraining } from '../../main/runs/machine-memory'
import type { LastEvent } from '../../trainer/train'
import type { CliContext } from '../context'
import { exitCodeOf, exitCodes } from '../exit-codes'
import { readInitialWeights } from '../initial-weights'
import { readNetworkFile } from '../network-file'
import { openRecords } from '../records'
import { readSeeds, repeatPlan, runPlan } from '../run-plan'
import { addConfigOptions, readConfig, type ConfigFlags } from '../run-config-options'
import { runRecorded } from '../run-recorded'
import { startEngine } from '../start-engine'

interface TrainFlags extends ConfigFlags {
  readonly initWeights?: string
  readonly name?: string
  readonly seeds?: string
  readonly repeats?: string
}

/** A run with all that it needs, found sound. */
export interface TrainRequest {
  readonly document: NetworkDocument
  readonly config: RunConfig
  readonly name: string | undefined
  readonly folder: string
  readonly weights: Uint8Array | undefined
  readonly experiment?: string | undefined
}

const help = `
Examples:
  convscope train reference --epochs 3
  convscope train my-network.json --data fashion-mnist --optimizer sgd --learning-rate 0.05 --schedule cosine
  convscope train reference --limit 1000 --epochs 1 --json
  convscope train reference --epochs 3 --repeats 5

NETWORK.json is a network document, or "reference" for the built-in one. Ctrl+C stops the run after the step at hand and
keeps what was learned. The run is recorded where the window finds it too.
Exit codes: 0 finished, 1 failed, 2 bad input, 3 data or engine missing, 130 stopped by Ctrl+C.`

export function addTrain(program: Command, context: CliContext): void {
  const command = program
    .command('train')
    .argument('<NETWORK.json>', 'network document, or "reference"')
    .description('Train a network and record the run.')
  addConfigOptions(command)
    .option(
      '--init-weights <file>',
      'safetensors, ONNX or npz to start from, ours or of another program, with the network’s names',
    )
    .option('--name <text>', 'name of the run')
    .option('--seeds <list>', 'train once with each, such as 1,2,3; told together as mean and deviation')
    .option('--repeats <n>', 'the same with n seeds, from --seed on')
    .addHelpText('after', help)
    .action(async (network: string, flags: TrainFlags) => {
      const request = readRequest(network, flags)
      const seeds = readSeeds(flags, request.config.seed)
      if (seeds.length > 1) {
        const plan = repeatPlan(request, seeds)
        await runPlan(plan, context, ({ run, experiment, onRecorded }) =>
          trainRecorded({ ...request, ...run, experiment }, context, onRecorded),
        )
        return
      }
      const { last } = await trainRecorded(request, context)
      if (last.type === 'failed') context.exitCode = exitCodeOf(last.error.kind)
      if (last.type === 'stopped') context.exitCode = exitCodes.interrupted
    })
}

/** Finds every fault of the request before a run is recorded. */
function readRequest(file: string, flags: TrainFlags): TrainRequest {
  const config = readConfig(flags)
  const document = readNetworkFile(file)
  const network = requireSound(document)
  const { info, folder } = findDataset(config.dataset)
  requireFit(network, { title: info.title, shape: info.shape, classes: info.classes.length })
  refuseIfTooLarge(network, config, memoryForTraining())
  const weights = flags.initWeights === undefined ? undefined : readInitialWeights(network, resolve(flags.initWeights))
  return { document, config, name: flags.name, folder, weights }
}

/** Trains one run to its end and records it where the window finds it too; `onRecorded` is told so before it trains. */
export async function trainRecorded(
  request: TrainRequest,
  context: CliContext,
  onRecorded: (id: string) => void = () => undefined,
): Promise<{ id: string; last: LastEvent }> {
  const { document, config, name, folder, weights, experiment } = request
  const engine = await startEngine(config.engine)
  const records = openRecords(context.output)
  const { recorder } = records
  try {
    const run = recorder.create({ document, config, name, experiment })
    const runFolder = recorder.folder(run.id)
    keepGivenWeights(runFolder, weights)
    onRecorded(run.id)
    const last = await runRecorded(
      run,
      {
        document,
        dataFolders: { [config.dataset]: folder },
        initialWeights: givenWeights(runFolder),
        initialOptimizer: null,
        resume: null,
      },
      { recorder, engine, context },
    )
    return { id: run.id, last }
  } finally {
    records.close()
  }
}
