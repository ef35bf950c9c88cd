import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'
import { resolve } from 'node:path'
import { keptOutside, onwarn } from './build.config'

const root = import.meta.dirname

// The lower of the two Electrons that the app runs on: Node 20.18 and Chrome 130 (Electron 33).
export default defineConfig({
  main: {
    build: {
      target: 'node20.18',
      outDir: 'out/main',
      externalizeDeps: false,
      rollupOptions: {
        onwarn,
        external: keptOutside,
        input: {
          index: resolve(root, 'electron/main/index.ts'),
          trainer: resolve(root, 'electron/trainer/index.ts'),
          exporter: resolve(root, 'electron/exporter/index.ts'),
          archiver: resolve(root, 'electron/archiver/index.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      target: 'node20.18',
      outDir: 'out/preload',
      // A sandboxed preload script can require nothing but Electron: everything else goes into the one file.
      externalizeDeps: false,
      rollupOptions: {
        onwarn,
        input: { index: resolve(root, 'electron/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs', inlineDynamicImports: true },
      },
    },
  },
  renderer: {
    root: resolve(root, 'renderer'),
    base: './',
    plugins: [vue()],
    build: {
      target: 'chrome130',
      outDir: resolve(root, 'out/renderer'),
      // The content security policy allows no data: scripts or styles.
      assetsInlineLimit: 0,
      rollupOptions: {
        onwarn,
        input: { index: resolve(root, 'renderer/index.html'), recovery: resolve(root, 'renderer/recovery.html') },
      },
    },
  },
})
