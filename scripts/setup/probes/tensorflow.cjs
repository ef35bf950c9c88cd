// Loads the native TensorFlow and multiplies two matrices, in a process of its own: a bad binding ends the process.
'use strict'
const util = require('node:util')

process.env.TF_CPP_MIN_LOG_LEVEL = '2'
// Node 23 dropped what tfjs 4.22 still calls.
util.isNullOrUndefined ??= (value) => value === null || value === undefined
util.isArray ??= Array.isArray

const tf = require('@tensorflow/tfjs-node')
const product = tf
  .matMul(
    tf.tensor2d([
      [1, 2],
      [3, 4],
    ]),
    tf.tensor2d([[1], [1]]),
  )
  .dataSync()
if (product[0] !== 3 || product[1] !== 7) throw new Error(`a product is wrong: ${product}`)
console.log(`version ${tf.backend().binding.TF_Version}`)
