import type { InferenceSession } from 'onnxruntime-node'
import { AppError } from '../../../shared/errors'
import { describe } from '../about'
import { writeParts } from '../files'
import type { ExportFormat, ExportSource } from '../format'
import { OnnxGraph, type OnnxValue } from '../onnx/graph'
import { onnxOps, type OnnxWeight } from '../onnx/ops'
import { channelsFirst } from '../order'
import { traceNetwork } from '../trace'

const names = { input: 'pictures', output: 'outputs' } as const

/** The most that one protobuf message may be. */
const longestModel = 2 ** 31 - 2 ** 20

/**
 * The whole network in ONNX (https://onnx.ai/onnx/repo-docs/IR.html), opset 17, or as much later as its layers need (20 for
 * GELU, 21 for GroupNorm). Initializers have PyTorch's names; one input `pictures` [N, C, H, W], one output.
 */
export const onnxFormat: ExportFormat = {
  id: 'onnx',
  reference: 'tensorflow',
  write(source, target) {
    writeParts(target, modelParts(source))
    return Promise.resolve()
  },
  async read(target, { network }) {
    const { InferenceSession, Tensor, version } = await loadRuntime()
    const session: InferenceSession = await InferenceSession.create(target, { executionProviders: ['cpu'] })
    const [height = 1, width = 1, channels = 1] = network.input.shape
    const [input = '', output = ''] = [session.inputNames[0], session.outputNames[0]]
    return {
      reader: `ONNX Runtime ${version}`,
      async run(pictures, count) {
        const turned = channelsFirst(pictures, count, network.input.shape)
        const results = await session.run({ [input]: new Tensor('float32', turned, [count, channels, height, width]) })
        const data = results[output]?.data
        if (!(data instanceof Float32Array)) throw new Error(`${target} gives no float32 outputs`)
        return data
      },
      close: () => session.release(),
    }
  },
}

async function loadRuntime() {
  const runtime = await import('onnxruntime-node')
  const { InferenceSession, Tensor, env } = runtime
  return { InferenceSession, Tensor, version: env.versions.node ?? env.versions.common }
}

function modelParts(source: ExportSource): readonly Uint8Array[] {
  const { network, weights, about } = source
  const bytes = [...weights.values()].reduce((sum, { values }) => sum + values.byteLength, 0)
  if (bytes > longestModel) {
    throw new AppError('invalid-input', `The weights take ${bytes} bytes, more than an ONNX file can hold.`, {
      fix: 'Export them as safetensors.',
      params: { bytes },
    })
  }
  const graph = new OnnxGraph()
  let layer = ''
  const input = graph.input(names.input, network.input.shape)
  const last = traceNetwork<OnnxValue | OnnxWeight>(network, {
    ops: onnxOps(graph, () => layer),
    enter: (id) => (layer = id),
    input: () => input,
    weight(name) {
      const tensor = weights.get(name)
      if (!tensor) throw new RangeError(`there is no weight "${name}"`)
      return { name: graph.weight(name, tensor), shape: tensor.shape, tensor }
    },
  })
  const output = graph.add('Identity', names.output, [last.name], last.shape)
  const producer = { name: 'Convscope', version: about.version }
  return graph.model({ input, output, name: network.document.name }, describe(source, 'NCHW'), producer).parts()
}
