import { requireSound, type AnalyzedLayer, type SoundNetwork } from '../network/analyze'
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
  writeModule(program, network, document.name, ['argparse', 'gzip', 'pathlib'])
  program.raw(`\n${pytorchTraining(network, name, config ?? runConfigSchema.parse({}))}`)
  return program.finish()
}

/** The module alone, made by its `build_network()`. Throws `invalid-network` where the network cannot run. */
export function generatePyTorchModule(document: NetworkDocument): string {
  const network = requireSound(document)
  const program = new Program(network.origins)
  writeModule(program, network, document.name, [])
  const name = className(document.name, 'Network')
  program.raw(`\ndef build_network():\n    return ${name}()`)
  return program.finish().text
}

function writeModule(
  program: Program,
  network: SoundNetwork,
  documentName: string,
  libraries: readonly string[],
): void {
  const steps = flowOf(network, null, taken).map(({ layer, context }) => ({
    layer,
    context,
    written: torchCode(layer, context),
  }))
  const modules = steps.flatMap(({ layer, written }) =>
    'module' in written ? [{ layer, module: written.module }] : [],
  )

  const ordered = modules.some(({ module }) => module.includes('OrderedDict('))
  program.raw(header(documentName, libraries, ordered))
  program.raw(`\n\nclass ${className(documentName, 'Network')}(nn.Module):`)
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
}

function torchCode(layer: AnalyzedLayer, context: CodeContext<AnalyzedLayer['params']>): TorchCode {
  return layer.kind.code.torch(context)
}

/** `libraries` are Python's own that the program below needs; the training also needs NumPy. */
function header(name: string, libraries: readonly string[], ordered: boolean): string {
  const own = [
    ...libraries.map((library) => `import ${library}`),
    ...(ordered ? ['from collections import OrderedDict'] : []),
  ]
  return [
    `"""${docstring(name)}, written by Convscope.`,
    '',
    'Pictures enter as [batch, channels, height, width], (value / 255 - mean) / std.',
    '"""',
    '',
    ...(own.length > 0 ? [...own, ''] : []),
    ...(libraries.length > 0 ? ['import numpy as np'] : []),
    'import torch',
    'from torch import nn',
  ].join('\n')
}
