import type { NetworkDocument } from '../network/document'
import { requireSound } from '../network/analyze'
import { runConfigSchema, type RunConfig } from '../training/config'
import { flowOf } from './flow'
import { neededHelpers, operationNames } from './keras-helpers'
import { kerasTraining } from './keras-training'
import { docstring } from './names'
import { Program, type GeneratedCode } from './program'

/** Names that the generated file uses itself. */
const taken = ['keras', 'layers', 'np', 'model', 'load_weights', 'build_model', 'initialize', 'tensors']

/**
 * The network as a functional Keras 3 model, channels_last, that computes what PyTorch would, a function that loads our
 * safetensors files into it, and the script that trains it as `config` says (a run's defaults where absent).
 * Deterministic. Throws `invalid-network` where the network cannot run.
 */
export function generateKeras(document: NetworkDocument, config?: RunConfig): GeneratedCode {
  const network = requireSound(document)
  const program = new Program(network.origins)
  const steps = flowOf(network, 'inputs', taken).map(({ layer, context }) => {
    const named = { ...context, layer: kerasName(layer.node.id) }
    return { id: layer.node.id, output: context.output, expressions: layer.kind.code.keras(named) }
  })
  const helpers = neededHelpers(steps.flatMap(({ expressions }) => expressions).join('\n'))

  program.raw(header(document.name))
  for (const { text } of helpers) program.raw(`\n\n${text}`)
  program.raw('\n\ndef build_model():')
  for (const { id, output, expressions } of steps) {
    for (const expression of expressions) program.statement(4, `${output} = ${expression}`, id)
  }
  program.raw(`    return keras.Model(inputs, ${steps.at(-1)?.output ?? 'inputs'})\n\n`)
  program.raw(kerasTraining(network, config ?? runConfigSchema.parse({})))
  return program.finish()
}

/** Keras gives names like `pad_1` to operations; a layer of that name would collide. `load_weights` takes `-layer` off. */
function kerasName(id: string): string {
  return operationNames.test(id) ? `${id}-layer` : id
}

function header(name: string): string {
  return [
    `"""${docstring(name)}, written by Convscope.`,
    '',
    'Pictures enter as [batch, height, width, channels], (value / 255 - mean) / std.',
    '"""',
    '',
    'import argparse',
    'import gzip',
    'import pathlib',
    '',
    'import keras',
    'import numpy as np',
    'from keras import layers',
  ].join('\n')
}
