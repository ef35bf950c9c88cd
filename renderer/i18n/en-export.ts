import type { ExportFormatId, ExportPhase, TargetProblem, WatchedMetric } from '../../shared/exports/exports'
import type { ExportNoteCode } from '../../shared/exports/notes'

type Words<Key extends string> = Readonly<Record<Key, string>>

const name: Words<ExportFormatId> = {
  safetensors: 'Safetensors',
  onnx: 'ONNX',
  keras: 'Keras 3',
  tfjs: 'TensorFlow.js',
  savedmodel: 'SavedModel',
  npz: 'NumPy',
  'pytorch-project': 'PyTorch project',
  csv: 'CSV',
}

const use: Words<ExportFormatId> = {
  safetensors: 'Weights by PyTorch’s names, for load_state_dict.',
  onnx: 'The whole network, for any runtime: ONNX Runtime, OpenVINO, TensorRT, phones.',
  keras: 'The whole network as a .keras file, for load_model on any backend.',
  tfjs: 'A folder for web pages: loadLayersModel.',
  savedmodel: 'A folder for TensorFlow and TensorFlow Serving; runs, is not trained further.',
  npz: 'Weights as NumPy arrays, for numpy.load.',
  'pytorch-project':
    'A program that continues this run, with the optimizer’s state and the same pictures, on one machine or many.',
  csv: 'The curves: a row for each step and each epoch, for pandas and spreadsheets.',
}

const phase: Words<ExportPhase> = {
  prepare: 'Read the weights',
  write: 'Write',
  read: 'Read back',
  compare: 'Compare outputs',
}

const note: Words<ExportNoteCode> = {
  matrices: 'Written as products with fixed matrices, since this format has no such pooling or resizing:',
  'spread-kernels': 'Kernels are written with zeros between their values in place of a dilation:',
  'whole-kernels': 'Kernels are written whole, with zeros between the groups, and take more space:',
  'masked-pools': 'Max pooling is written as several layers, because its padding has to be smaller than every value:',
  'plain-dropout': 'Written as plain dropout, which makes a difference only where training goes on:',
}

const by: Words<WatchedMetric> = {
  'validation-loss': 'validation loss',
  'validation-accuracy': 'validation accuracy',
  'train-loss': 'training loss',
  'train-accuracy': 'training accuracy',
}

export const enExport = {
  titleOf: 'Export: {name}',
  hint: 'The file is read back by another program and compared with this run before it is kept.',
  format: 'Format',
  moment: 'Weights',
  last: 'Newest',
  final: 'Final',
  best: 'Best {by}: epoch {epoch}',
  beginning: 'Before training',
  epoch: 'After epoch {epoch}',
  start: 'Export…',
  again: 'Export another',
  cancel: 'Cancel export',
  progress: 'Progress of the export',
  noWeights: 'This run has no weights yet: they are kept at the end of each epoch.',
  noMetrics: 'Metrics have no moment: all of them are written.',
  sameOutputs: 'Computes the same',
  sameTable: 'Holds the same numbers',
  notKept: 'Proof failed',
  notKeptHint:
    'What was read back is not this run, so nothing was kept. This is a fault of Convscope: please report it, with the network.',
  unread: 'Could not be read back',
  tolerance: 'Allowed',
  differing: 'Values that differ',
  differingCount: '{n} values differ',
  readBy: 'Read back by',
  against: 'Compared with',
  pictures: 'On',
  testPictures: '{n} test picture | {n} test pictures',
  noisePictures: '{n} picture of noise | {n} pictures of noise',
  difference: 'Largest difference',
  ofLargest: '{difference}, of outputs up to {largest}',
  packing: 'As',
  folder: 'Folder',
  zip: 'Zip file',
  optimizer: 'Optimizer’s state',
  optimizerKept: '{n} tensor, equal bit for bit | {n} tensors, equal bit for bit',
  optimizerNone: 'not kept by this checkpoint: a new one begins',
  program: 'The program itself',
  programRun: 'ran, and took weights and optimizer’s state',
  programNotRun: 'was not run: no Python with PyTorch was found here',
  tableRows: 'Rows',
  tableFacts: '{steps} steps, {epochs} epochs',
  size: 'Size',
  file: 'File',
  show: 'Show in folder',
  gone: 'It is not there any more.',
  past: 'Earlier exports',
  problem: {
    'no-folder': 'The folder {path} does not exist.',
    'is-folder': '{path} is a folder, not a file.',
    'other-files': '{path} holds other files ({file}), which an export does not replace.',
  } satisfies Words<TargetProblem>,
  cancelled: 'Cancelled. Nothing was written.',
  failed: 'The export failed',
  inputHint: 'Pictures enter as float32, (pixel / 255 − 0.5) / 0.5, {order}.',
  channelsFirst: 'channels first',
  channelsLast: 'channels last',
  by,
  name,
  use,
  phase,
  note,
}
