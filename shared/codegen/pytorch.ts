import { requireSound, type AnalyzedLayer } from '../network/analyze'
import type { NetworkDocument } from '../network/document'
import { runConfigSchema, type RunConfig } from '../training/config'
import type { CodeContext, TorchCode } from './layer-code'
import { flowOf } from './flow'
import { className, docstring, moduleAttribute } from './names'
import { Program, type GeneratedCode } from './program'
import { pytorchTraining } from './pytorch-training'

/** Names that the generated file uses itself. */
const taken = ['self', 'nn', 'torch', 'argparse', 'OrderedDict']

/**
 * The network as a PyTorch module and the script that trains it as `config` says (a run's defaults where absent). The
 * module's `state_dict` has our names: `load_state_dict(strict=True)` takes our safetensors files. Deterministic.
 * Throws `invalid-network` where the network cannot run.
 */
export function generatePyTorch(document: NetworkDocument, config?: RunConfig): GeneratedCode {
  const network = requireSound(document)
  const program = new Program(network.origins)
  const name = className(document.name, 'Network')
  const steps = flowOf(network, null, taken).map(({ layer, context }) => ({
    layer,
    context,
    written: torchCode(layer, context),
  }))
  const modules = steps.flatMap(({ layer, written }) =>
    'module' in written ? [{ layer, module: written.module }] : [],
  )

  program.raw(
    header(
      document.name,
      modules.some(({ module }) => module.includes('OrderedDict(')),
    ),
  )
  program.raw(`\n\nclass ${name}(nn.Module):`)
  if (modules.length > 0) {
    program.raw('    def __init__(self):\n        super().__init__()')
    for (const { layer, module } of modules) {
      program.statement(8, `${moduleAttribute(layer.node.id)} = ${module}`, layer.node.id)
    }
    program.raw('')
  }
  let result = 'x'
  for (const { layer, context, written } of steps) {
    const { id } = layer.node
    result = context.output
    if (layer === network.input) {
      program.statement(4, `def forward(self, ${result}):`, id)
      continue
    }
    const expression = 'module' in written ? `${moduleAttribute(id)}(${context.inputs.join(', ')})` : written.forward
    program.statement(8, `${result} = ${expression}`, id)
  }
  program.raw(`        return ${result}\n`)
  program.raw(`\n${pytorchTraining(network, name, config ?? runConfigSchema.parse({}))}`)
  return program.finish()
}

function torchCode(layer: AnalyzedLayer, context: CodeContext<AnalyzedLayer['params']>): TorchCode {
  return layer.kind.code.torch(context)
}

function header(name: string, ordered: boolean): string {
  return [
    `"""${docstring(name)}, written by Convscope.`,
    '',
    'Pictures enter as [batch, channels, height, width], (value / 255 - mean) / std.',
    '"""',
    '',
    'import argparse',
    'import gzip',
    'import pathlib',
    ...(ordered ? ['from collections import OrderedDict'] : []),
    '',
    'import numpy as np',
    'import torch',
    'from torch import nn',
  ].join('\n')
}
