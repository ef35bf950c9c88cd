import { torchPython } from '../../scripts/setup/python/environment.mjs'

/** A Python with PyTorch, Keras, NumPy and safetensors: CONVSCOPE_PYTHON, or the one that set-up put into the cache. */
export const python = process.env['CONVSCOPE_PYTHON'] ?? torchPython()

/** For titles of tests: '', or why they are skipped. */
export const reason = python === null ? ' (no PyTorch and Keras: npm run setup -- --only=python)' : ''
