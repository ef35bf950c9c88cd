import type { WeightFileCode } from '../../shared/import/weights/failure'
import type { Turn } from '../../shared/import/weights/turns'

/** Why a file of weights is not read. */
const failure = {
  pickled: '{source} is pickled: reading it would run whatever program is in it',
  'keras-archive': '{source} is an archive of Keras, which is not read here',
  unknown: '{source} is neither safetensors, nor ONNX, nor npz',
  damaged: '{source} cannot be read: {detail}',
  'too-large': '{source} is too large',
  empty: '{source} holds no weights',
} satisfies Record<WeightFileCode, string>

const failureFix = {
  pickled:
    'Save the weights in PyTorch as data: safetensors.torch.save_file(model.state_dict(), "weights.safetensors")',
  'keras-archive':
    'Save the weights in Keras as NumPy: np.savez("weights.npz", **dict((w.path, w.numpy()) for w in model.weights))',
  unknown: 'Choose a file of one of these kinds.',
  damaged: 'Save the weights again, or choose another file.',
  'too-large': 'Choose a smaller file.',
  empty: 'Choose another file.',
} satisfies Record<WeightFileCode, string>

/** How a tensor is turned so that it fits. */
const turn = {
  none: 'as it is',
  hwio: 'H W in out → out in H W',
  depthwise: 'H W in × → out 1 H W',
  hwc: 'H W C → C H W',
  transposed: 'in out → out in',
  flatten: 'columns: pixels first → channels first',
  'transposed-flatten': 'in out → out in, channels first',
  reshaped: 'other shape, same order',
} satisfies Record<Turn, string>

export const enExchange = {
  weights: {
    title: 'Start from weights',
    hint: 'Each weight of the network and the tensor of the file that it begins with. Data only: nothing in the file is run.',
    choose: 'Choose a file…',
    other: 'Another file…',
    formats: 'safetensors, ONNX or npz',
    start: 'Start from weights of a file…',
    reading: 'Reading {name}…',
    count: '{fitting} of {all} weights come from the file.',
    kept: '{n} keeps its initial value. | {n} keep their initial values.',
    unused: '{n} tensor of the file is not used: | {n} tensors of the file are not used:',
    unread: '{n} entry of the file cannot be read: | {n} entries of the file cannot be read:',
    all: 'All',
    open: 'Without a tensor',
    show: 'Show',
    nothingOpen: 'Every weight has its tensor.',
    noNetwork: 'The network has no weights yet. Design it first, then choose the file.',
    weight: 'Weight',
    shape: 'Shape',
    tensor: 'Tensor of the file',
    turnTitle: 'Fits',
    tensorOf: 'Tensor for {weight}',
    turnOf: 'How {tensor} becomes {weight}',
    initial: 'initial value',
    by: { name: 'by name', order: 'by shape and order', chosen: 'chosen' },
    misfit: {
      count: 'does not fit: {theirs} values in place of {ours}',
      shape: 'does not fit: the same number of values, in an order that cannot be known',
    },
    turn,
    use: 'Use for the next run',
    evaluate: 'Evaluate without training',
    evaluateHint: 'A run of no epochs: it tells the test accuracy, and can be looked into.',
    remove: 'Begin with random weights',
    change: 'Change…',
    from: 'Starting weights',
    chip: '{fitting} of {all} weights',
    failure,
    failureFix,
  },
  exchange: {
    share: 'Share…',
    shareTitle: 'Share “{name}”',
    runFile: 'A run file',
    runFileHint:
      'One file with network, settings, metrics and weights. It opens in Convscope on any machine, and holds data only.',
    weightsOf: 'Weights',
    allMoments: 'Of all moments',
    newestOnly: 'The newest',
    withOptimizer: 'Optimizer’s state, to train on',
    pack: 'Save run file…',
    packing: 'Saving the run',
    opening: 'Opening the run',
    unpacking: 'Unpacking',
    openingHint: 'Every part is compared with its checksum while it is unpacked.',
    packed: 'Run file saved',
    opened: '“{name}” is opened',
    openedDetail: 'It is among the runs, and can be looked at, continued and forked.',
    existsTitle: '“{name}” is here already',
    exists: 'The file holds a run that is among yours. It can be opened beside it, as a copy.',
    openCopy: 'Open as a copy',
    showKnown: 'Show the run',
  },
}
