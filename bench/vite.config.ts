import { builtinModules } from 'node:module'
import { resolve } from 'node:path'
import { defineConfig } from 'vite'
import { keptOutside, onwarn } from '../build.config'

const folder = import.meta.dirname

/** The TypeScript contender and the measurements of the app, bundled as the command line program is. */
export default defineConfig({
  root: resolve(folder, '..'),
  publicDir: false,
  logLevel: 'warn',
  ssr: { noExternal: true },
  build: {
    ssr: true,
    target: 'node20',
    outDir: 'out/bench',
    emptyOutDir: true,
    minify: false,
    rollupOptions: {
      input: ['contenders/convscope.ts', 'designer/designer.ts', 'runs/runs.ts'].map((file) => resolve(folder, file)),
      onwarn,
      external: [...keptOutside, ...builtinModules, /^node:/, '@playwright/test'],
      output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: 'chunks/[name]-[hash].mjs' },
    },
  },
})
