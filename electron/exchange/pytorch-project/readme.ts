import { catalogue } from '../../../shared/data/catalogue'
import type { SoundNetwork } from '../../../shared/network/analyze'
import type { ProjectSource } from './contents'

/** What the project is, how it is run and what holds of it. Markdown. */
export function readme({ name, config, checkpoint }: ProjectSource, network: SoundNetwork): string {
  const { epoch, step, stepInEpoch } = checkpoint.position
  const kinds = new Set(network.layers.map(({ kind }) => kind.kind))
  const dropout = kinds.has('dropout') || kinds.has('dropout2d')
  const where = stepInEpoch === 0 ? `epoch ${epoch}` : `${stepInEpoch} steps after epoch ${epoch}`
  const { title } = catalogue[config.dataset]
  return `# ${oneLine(name)}

A run of Convscope as a PyTorch program. It goes on where the run stood: ${where} of ${config.epochs}, step ${step}, with
${checkpoint.optimizer ? `the state of the optimizer (${config.optimizer.type})` : 'a new optimizer: this checkpoint has kept no state of one'} and the schedule of the learning rate.

## Run it

\`\`\`sh
pip install -r requirements.txt
python train.py --data FOLDER
\`\`\`

FOLDER holds the four IDX files of ${title}, packed by gzip or not. Without \`--data\` torchvision downloads them.
\`--epochs N\` goes on to epoch N, \`--steps N\` stops after N further steps, \`--device cpu\` leaves the graphics card alone,
\`--double\` computes in 64 bits. After each epoch weights, optimizer and position go into \`continued/\`, from which the next
start goes on; \`--checkpoint checkpoint\` begins again at the exported state. \`continued/weights.safetensors\` are the newest
weights, \`best.safetensors\` beside them those of the best epoch, \`history.csv\` the curves.

## Several processes, several machines

\`\`\`sh
torchrun --nproc_per_node=2 train.py --data FOLDER
torchrun --nnodes=2 --nproc_per_node=4 --rdzv_backend=c10d --rdzv_endpoint=HOST:29500 train.py --data FOLDER
\`\`\`

Every process takes its part of each batch of ${config.batch_size} pictures: the batch stays the run's own, however many share
it. NCCL connects graphics cards, Gloo processors. The folder of the project must be there on every machine; the first
process writes \`continued/\`, so between machines it has to lie on a shared disk to be gone on from.

## What holds

- The pictures come in Convscope's own order, with its split and normalisation (\`data.py\` draws the same random numbers).
- One process gives the weights that Convscope would have given, but for rounding.${dropout ? '\n- Dropout draws its masks from PyTorch, not from Convscope: they follow from seed, layer and step, but are others.' : ''}
- N processes give what one gives, but for rounding: gradients are summed over the whole batch${kinds.has('batch_norm2d') ? ', BatchNorm takes mean and\n  variance of the whole batch (`GlobalBatchNorm2d`, on processors too)' : ''}${dropout ? ', and each process uses its part of one mask' : ''}.
- Rounding differs between machines, and training makes small differences larger with time.

## Files

| file | what it holds |
| --- | --- |
| \`model.py\` | the network as a module; \`state_dict\` has the names of the weights file |
| \`run.json\` | the run's settings |
| \`train.py\`, \`schedule.py\` | the loop, the learning rate, early stopping |
| \`data.py\` | pictures, split, order |
| \`history.py\` | the curves of loss, accuracy and learning rate |
| \`distributed.py\` | what several processes need |
| \`checkpoint.py\` | reading and writing checkpoints; \`optimizer_state_dict\` gives what \`torch.optim\` takes |
| \`checkpoint/\` | weights, those of the best epoch before, the optimizer's slots (safetensors) and the position |
`
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}
