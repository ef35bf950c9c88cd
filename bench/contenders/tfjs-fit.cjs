// TensorFlow.js's own way to train: a layers model and `fit`, on tfjs-node.
const { readFileSync } = require('node:fs')
const { createInterface } = require('node:readline')
const util = require('node:util')
const { gunzipSync } = require('node:zlib')

process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'
// tfjs 4.22 calls two functions that Node 23 dropped.
util.isNullOrUndefined ??= (value) => value === null || value === undefined
util.isArray ??= Array.isArray
const tf = require('@tensorflow/tfjs-node')

const [batchSize, count] = process.argv.slice(2, 4).map(Number)
const [imagesFile, labelsFile] = process.argv.slice(4, 6)

function readIdx(file, header) {
  const bytes = readFileSync(file)
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).subarray(header)
}

function say(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}

async function main() {
  const pixels = Float32Array.from(readIdx(imagesFile, 16).subarray(0, count * 784), (byte) => byte / 127.5 - 1)
  const xs = tf.tensor4d(pixels, [count, 28, 28, 1])
  const ys = tf.oneHot(tf.tensor1d(Int32Array.from(readIdx(labelsFile, 8).subarray(0, count)), 'int32'), 10)
  const { layers } = tf
  const model = tf.sequential({
    layers: [
      layers.conv2d({ inputShape: [28, 28, 1], filters: 25, kernelSize: 3 }),
      layers.batchNormalization(),
      layers.reLU(),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ filters: 50, kernelSize: 3 }),
      layers.batchNormalization(),
      layers.reLU(),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({ units: 1024, activation: 'relu' }),
      layers.dense({ units: 128, activation: 'relu' }),
      layers.dense({ units: 10, activation: 'softmax' }),
    ],
  })
  model.compile({ optimizer: tf.train.adam(1e-3), loss: 'categoricalCrossentropy' })
  say({ ready: true, version: tf.version.tfjs })
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'quit') break
    const started = performance.now()
    const { history } = await model.fit(xs, ys, { batchSize, epochs: 1, verbose: 0 })
    say({ seconds: (performance.now() - started) / 1000, loss: history.loss[0] })
  }
  say({ peakBytes: process.resourceUsage().maxRSS * 1024 })
  process.exit(0)
}

main()
