import type { ExportFormatId } from '../../../shared/exports/exports'
import type { ExportFormat } from '../format'

/** A table of metrics has no network to run. */
export type NetworkFormatId = Exclude<ExportFormatId, 'csv'>
type Loader = () => Promise<ExportFormat>

/** Loaded only when asked for: each brings a library of its own. */
const loaders: Readonly<Record<NetworkFormatId, Loader>> = {
  safetensors: async () => (await import('./safetensors')).safetensorsFormat,
  npz: async () => (await import('./npz')).npzFormat,
  onnx: async () => (await import('./onnx')).onnxFormat,
  keras: async () => (await import('./keras')).kerasFormat,
  tfjs: async () => (await import('./tfjs')).tfjsFormat,
  'pytorch-project': async () => (await import('./pytorch-project')).pytorchProjectFormat,
  savedmodel: async () => (await import('./savedmodel')).savedModelFormat,
}

export function networkFormat(id: NetworkFormatId): Promise<ExportFormat> {
  return loaders[id]()
}
