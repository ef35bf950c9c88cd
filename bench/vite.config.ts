import { builtinModules } from 'node:module'
import { resolve } from 'node:path'
import { defineConfig } from 'vite'
import { keptOutside, onwarn } from '../build.config'

const folder = import.meta.dirname

/** The TypeScript contender, bundled as the command line program is. */
export default defineConfig({
  root: resolve(folder, '..'),
  publicDir: false,
  logLevel: 'warn',
  ssr: { noExternal: true },
  build: {
    ssr: resolve(folder, 'contenders/convscope.ts'),
    target: 'node20',
    outDir: 'out/bench',
    emptyOutDir: true,
    minify: false,
    rollupOptions: {
      onwarn,
      external: [...keptOutside, ...builtinModules, /^node:/],
      output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: 'chunks/[name]-[hash].mjs' },
    },
  },
})
