import { InvalidArgumentError, type Command } from 'commander'
import { AppError } from '../../../shared/errors'
import { readNpy, writeNpy } from '../../../shared/formats/npy'
import type { NamedTensor, NamedTensors } from '../../../shared/formats/tensors'
import { requireSound, type SoundNetwork } from '../../../shared/network/analyze'
import { elementCount } from '../../../shared/network/shape'
import { engineChoices, runConfigSchema, type EngineChoice } from '../../../shared/training/config'
import type { CompiledNetwork } from '../../trainer/engines/engine'
import { loadWeights } from '../../trainer/load-weights'
import type { CliContext } from '../context'
import { readInput, writeOutput } from '../files'
import { namesNetwork, readNetworkFile } from '../network-file'
import type { Output } from '../output'
import { findRun, openRecords, requireCheckpoint } from '../records'
import { startEngine } from '../start-engine'

interface PredictFlags {
  readonly weights?: string
  readonly input: string
  readonly output: string
  readonly engine: EngineChoice
}

/** Pictures run at a time. */
const partCount = 256

const help = `
Examples:
  convscope predict last --input X.npy --output Y.npy
  convscope predict reference --weights from-pytorch.safetensors --input X.npy --output Y.npy

X.npy holds float32 pictures [n, height, width, channels] as they enter the network: (pixel / 255 - 0.5) / 0.5.
Y.npy gets the logits, float32 [n, classes], in evaluation mode.`

export function addPredict(program: Command, { output }: CliContext): void {
  program
    .command('predict')
    .argument('<RUN|NETWORK.json>', 'a run (id, beginning of one, "last"), or a network document')
    .requiredOption('--input <X.npy>', 'pictures')
    .requiredOption('--output <Y.npy>', 'where the logits go')
    .option('--weights <file>', 'safetensors; a run has its own')
    .option('--engine <name>', engineChoices.join(', '), readEngine, 'auto')
    .description('Run a network on pictures of your own.')
    .addHelpText('after', help)
    .action(async (name: string, flags: PredictFlags) => {
      const { network, weights } = namesNetwork(name) ? fromFile(name, flags) : fromRun(name, flags, output)
      const pictures = readPictures(flags.input, network)
      const logits = await predict(network, weights, pictures, flags.engine)
      writeOutput(flags.output, writeNpy(logits))
      output.object({ type: 'predicted', input: flags.input, output: flags.output, shape: logits.shape })
      output.line(`${logits.shape[0]} pictures: logits [${logits.shape.join(', ')}] written to ${flags.output}`)
    })
}

function readEngine(text: string): EngineChoice {
  const engine = engineChoices.find((choice) => choice === text)
  if (!engine) throw new InvalidArgumentError(`Choose one of ${engineChoices.join(', ')}.`)
  return engine
}

interface Model {
  readonly network: SoundNetwork
  readonly weights: NamedTensors
}

function fromFile(file: string, { weights }: PredictFlags): Model {
  const network = requireSound(readNetworkFile(file))
  if (weights === undefined) {
    throw new AppError('invalid-input', 'A network document holds no weights.', { fix: 'Name them with --weights.' })
  }
  return { network, weights: loadWeights(network, weights) }
}

function fromRun(name: string, { weights }: PredictFlags, output: Output): Model {
  const records = openRecords(output)
  try {
    const { recorder } = records
    const run = findRun(recorder, name)
    const network = requireSound(recorder.get(run.id).document)
    return { network, weights: loadWeights(network, weights ?? requireCheckpoint(recorder, run)) }
  } finally {
    records.close()
  }
}

function readPictures(file: string, network: SoundNetwork): NamedTensor {
  const array = readNpy(readInput(file), file)
  const wanted = ['n', ...network.input.shape].join(', ')
  const given = array.shape.join(', ')
  if (!array.descr.startsWith('<f')) {
    throw new AppError('invalid-input', `${file} holds values of type ${array.descr}, not float32.`, {
      fix: 'Pictures enter as ((pixels / 255 - 0.5) / 0.5).astype("float32").',
      params: { source: file, descr: array.descr },
    })
  }
  if (array.shape.length !== 4 || array.shape.slice(1).join() !== network.input.shape.join()) {
    throw new AppError('invalid-input', `${file} is an array [${given}], but the network takes [${wanted}].`, {
      fix: 'Give pictures as [n, height, width, channels].',
      params: { source: file, given, wanted },
    })
  }
  return array
}

async function predict(
  network: SoundNetwork,
  weights: NamedTensors,
  { shape: [count = 0], values }: NamedTensor,
  choice: EngineChoice,
): Promise<NamedTensor> {
  const engine = await startEngine(choice)
  const { loss, optimizer } = runConfigSchema.parse({})
  const compiled = await engine.compile({ network, loss, optimizer, data: null })
  try {
    compiled.setWeights(weights)
    const classes = network.output.shape
    return { shape: [count, ...classes], values: inParts(compiled, values, count, network) }
  } finally {
    compiled.dispose()
  }
}

function inParts(
  compiled: CompiledNetwork,
  pictures: Float32Array,
  count: number,
  network: SoundNetwork,
): Float32Array {
  const [size, classes] = [elementCount(network.input.shape), elementCount(network.output.shape)]
  const logits = new Float32Array(count * classes)
  for (let start = 0; start < count; start += partCount) {
    const part = Math.min(partCount, count - start)
    logits.set(compiled.predict(pictures.slice(start * size, (start + part) * size), part), start * classes)
  }
  return logits
}
