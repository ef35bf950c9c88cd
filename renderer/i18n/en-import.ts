import type { ImportFailureCode } from '../../shared/import/failure'
import type { ImportCode } from '../../shared/import/report'

/** What could not be taken over as it was; each sentence goes on after the layer's name. */
const issue = {
  'wiring-unknown':
    '{layer} joins its parts in a forward that the text does not show, and not one after the other: skip connections, sums and branches are missing.',
  'unknown-layer': 'There is no layer for {layer} here. It is left out; what entered it goes on to the next.',
  'unknown-settings': 'No layer here computes {layer} with these settings. It is left out.',
  'impossible-values': '{layer} has a value that is not possible here ({detail}). It is left out.',
  'not-a-module': '“{text}” is not a module. It is left out.',
  'unknown-activation': 'Its activation “{activation}” is left out.',
  'channels-first': '{layer} has its channels first, which is not read. It is left out.',
  'extra-input': 'An input besides the first: a network here has one. It is left out.',
  'shared-layer': '{layer} is used {count} times with one set of weights. Only its first use is read.',
  'extra-network': 'This is another network, which is not part of the one that is read.',
  'order-assumed':
    '{layer} has a forward that the text does not show: its parts follow one another as they are listed, and what it computes without a module (F.relu, F.max_pool2d, +, torch.cat) is missing.',
  'flatten-added': 'A Flatten is put before it: it takes a flat input, but {shape} values enter.',
  'size-mismatch':
    '{layer} says {option} = {said}, but {actual} enter; it follows what enters. Either the size of the pictures is another one, or something is missing before it.',
  'unknown-option': '{layer} has {option} = {value}, which does not exist here.',
  'open-size': 'The size of what enters is open ({shape}); it is set to the size of the pictures.',
  'extra-output': 'An output besides the first: a network here has one. Remove it in the designer, or join the two.',
  'flatten-order':
    'Keras flattens channels last, here channels come first: weights of the next layer need another order.',
  'reshape-order': 'Keras reshapes channels last, here channels come first.',
  'transposed-offset': 'Keras places what this transposed convolution gives differently, by up to one pixel.',
  'norm-both': 'It only scales or only shifts in Keras; here it does both.',
  'prelu-channels': 'It has one slope for each place in Keras; here it has one for each channel.',
  'shape-computed': 'Its new shape is worked out while the model runs; it is taken for a Flatten.',
  renamed: '{count} names became identifiers: “{from}” is now “{to}”.',
} satisfies Record<ImportCode, string>

/** Why nothing could be imported. */
const failure = {
  empty: 'There is nothing to read',
  'too-large': '{source} is too large',
  'unknown-text': 'This is neither a PyTorch model nor the JSON of a Keras model',
  'not-text': '{source} is neither an ONNX model nor a text',
  'not-pytorch': 'There is no PyTorch model in this text',
  'python-syntax': 'Line {line} cannot be read at “{found}”',
  'python-class': 'This is the source of a class',
  'keras-source': 'This is the source of a Keras model',
  'summary-table': 'This is a table of layers and sizes',
  'convscope-network': 'This is a network of Convscope',
  'not-json': 'This is not JSON',
  'not-keras': 'This is not the JSON of a Keras model',
  'not-onnx': '{source} is damaged, or no ONNX file',
  'onnx-external': 'The weights of {source} lie in another file',
  'onnx-tensor': 'The tensor “{tensor}” of {source} cannot be read',
  'pytorch-weights': '{source} holds weights, not the layers',
  'keras-weights': '{source} is an archive of Keras',
} satisfies Record<ImportFailureCode, string>

/** What to do about it. */
const failureFix = {
  empty: 'Paste a text, or choose a file that is not empty.',
  'too-large': 'At most {most} can be imported: choose a smaller model.',
  'unknown-text':
    'Paste what print(model) shows in PyTorch, an nn.Sequential(…), or what print(model.to_json()) shows in Keras.',
  'not-text': 'Choose an .onnx, .json, .txt or .py file.',
  'not-pytorch': 'Paste the whole text that print(model) shows, or an nn.Sequential(…) of torch.nn modules.',
  'python-syntax':
    'Look whether a bracket or a comma is missing there. Loops and variables are not read: run print(model) and paste what it shows.',
  'python-class':
    'Its forward is a program, which is not read. Run print(model) and paste what it shows, or export the model as ONNX.',
  'keras-source': 'It is a program, which is not run here. Run print(model.to_json()) and paste what it shows.',
  'summary-table':
    'It leaves out the settings of the layers. Paste what print(model) shows in PyTorch, or print(model.to_json()) in Keras.',
  'convscope-network': 'It needs no import. Save it as a file and open that: File, Open.',
  'not-json': 'Paste the whole text that print(model.to_json()) shows. {detail}',
  'not-keras': 'Paste what print(model.to_json()) shows of a Sequential or functional model: {detail}.',
  'not-onnx': 'Export the model again, or choose another file.',
  'onnx-external': 'Export it with its weights inside: torch.onnx.export(…, external_data=False).',
  'onnx-tensor': 'Export the model with 32-bit floating point weights, not quantized ones.',
  'pytorch-weights': 'Export the model as ONNX, or paste what print(model) shows.',
  'keras-weights': 'Load it in Keras, run print(model.to_json()) and paste what it shows.',
} satisfies Record<ImportFailureCode, string>

/** Networks of other programs. */
export const enImport = {
  imports: {
    title: 'Import a network',
    hint: 'From PyTorch, Keras or an ONNX file. It becomes a new design that is not saved yet.',
    choose: 'Choose a file…',
    orDrop: 'or drop one: .onnx, .json, .txt, .py',
    text: 'Text of the network',
    placeholder: 'Paste what print(model) shows, an nn.Sequential(…) or the JSON of model.to_json() here.',
    file: 'From {name}',
    removeFile: 'Take {name} away',
    format: 'Format',
    auto: 'Automatic',
    detected: 'Recognized: {format}',
    chosen: 'Read as {format}',
    formats: { pytorch: 'PyTorch', keras: 'Keras', onnx: 'ONNX' },
    size: 'Size of the pictures',
    sizeHelp: 'The source does not say it. This one fits the layers best; change it as you like.',
    sizeTyped: 'As you set it.',
    sizeReset: 'Back to what fits the layers',
    height: 'Height',
    width: 'Width',
    channels: 'Channels',
    sizeWrong: 'Whole numbers from 1 to 4096.',
    preview: 'What becomes of it',
    empty: 'Nothing to show yet',
    emptyHint: 'The layers that were read, and what could not be, appear here.',
    reading: 'Reading…',
    layers: '{n} layer | {n} layers',
    parameters: '{n} parameter | {n} parameters',
    fromTo: '{from} → {to}',
    problems:
      'It has {n} problem; the designer shows how to mend it. | It has {n} problems; the designer shows how to mend them.',
    sound: 'Its layers fit together.',
    wiredOtherwise: 'Its layers are not connected as in the model.',
    unwired: 'This text cannot say how the layers are connected',
    unwiredFix: 'Its blocks are placed as plain chains. An ONNX file has all connections, and the weights:',
    copyCommand: 'Copy the command',
    commandCopied: 'Command copied',
    groups: {
      unread: 'Could not be read',
      changed: 'Changed',
      read: 'Read',
    },
    nothingLost: 'Everything was read as it is.',
    line: 'line {line}',
    copy: 'Copy the report',
    copied: 'Report copied',
    weights: 'It brings {n} trained value. | It brings {n} trained values.',
    weightsHint: 'The next run starts from them, if you do not remove them there.',
    saveWeights: 'Save weights…',
    weightsSaved: 'Weights saved',
    import: 'Import',
    none: 'None of its layers could be read.',
    done: '“{name}” is imported',
    doneDetail: '{n} layer, not saved yet. | {n} layers, not saved yet.',
    issue,
    failure,
    failureFix,
  },
}
