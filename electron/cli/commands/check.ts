import type { Command } from 'commander'
import { analyzeNetwork, type NetworkAnalysis, type SoundNetwork } from '../../../shared/network/analyze'
import { networkCost } from '../../../shared/network/cost'
import { fixesFor } from '../../../shared/network/fixes'
import { estimateTrainingMemory } from '../../../shared/network/memory'
import { describeProblem } from '../../../shared/network/problem'
import { formatShape } from '../../../shared/network/shape'
import { networkWarnings } from '../../../shared/network/warnings'
import { runConfigSchema } from '../../../shared/training/config'
import type { CliContext } from '../context'
import { exitCodes } from '../exit-codes'
import { formatCount, formatTable } from '../format'
import { readNetworkFile } from '../network-file'
import type { Output } from '../output'

const help = `
Examples:
  convscope check my-network.json
  convscope check reference --json

Exit codes: 0 the network can run (warnings or not), 2 it cannot.`

export function addCheck(program: Command, context: CliContext): void {
  program
    .command('check')
    .argument('<NETWORK.json>', 'network document, or "reference"')
    .description('Show the layers, what is wrong with a network, and what is rarely meant.')
    .addHelpText('after', help)
    .action((file: string) => {
      const document = readNetworkFile(file)
      const analysis = analyzeNetwork(document)
      const { output } = context
      output.line(document.name)
      showLayers(analysis, output)
      for (const problem of analysis.problems) {
        const fixes = fixesFor(document, problem).map(({ code, params }) => ({ code, params }))
        output.object({ type: 'problem', ...problem, fixes })
        output.line(`problem  ${describeProblem(problem)}`)
      }
      for (const warning of networkWarnings(analysis)) {
        output.object({ type: 'warning', ...warning })
        output.line(`${warning.level.padEnd(9)}${warning.message}`)
      }
      const { input, output: last, problems } = analysis
      if (problems.length > 0 || !input || !last) context.exitCode = exitCodes.badInput
      else showTotals({ ...analysis, input, output: last }, output)
    })
}

function showLayers(analysis: NetworkAnalysis, output: Output): void {
  const { layers } = networkCost(analysis)
  const rows = analysis.layers.map(({ node, kind, shape, params }) => {
    const cost = layers.get(node.id)
    output.object({ type: 'layer', id: node.id, kind: kind.kind, params, inputs: node.inputs, shape, ...cost })
    return [
      node.id,
      kind.kind,
      formatShape(shape),
      formatCount(cost?.parameters ?? 0),
      formatCount(cost?.multiplyAdds ?? 0),
      formatBytes(cost?.activationBytes ?? 0),
      cost?.receptiveField.whole ? 'all' : formatShape(cost?.receptiveField.size ?? []),
    ]
  })
  output.line()
  const head = ['layer', 'kind', 'output', 'parameters', 'multiply-adds', 'memory', 'sees']
  for (const line of formatTable(head, rows, [3, 4, 5])) output.line(line)
  output.line()
}

/** With the defaults of a run. */
function showTotals(network: SoundNetwork, output: Output): void {
  const { batch_size: batchSize, optimizer } = runConfigSchema.parse({})
  const { parameters, multiplyAdds, activationBytes } = networkCost(network)
  const memory = estimateTrainingMemory(network, batchSize, optimizer.type)
  output.object({ type: 'total', parameters, multiplyAdds, activationBytes, batchSize, trainingMemory: memory })
  output.line(`${formatCount(parameters)} parameters, ${formatCount(multiplyAdds)} multiply-adds a picture`)
  output.line(`about ${formatBytes(memory.total)} to train with ${optimizer.type} and batches of ${batchSize}`)
}

function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  return `${Number((bytes / 1024 ** power).toPrecision(3))} ${units[power]}`
}
