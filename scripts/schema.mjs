// `npm run schema`: writes resources/schema/network.schema.json anew from the document's and the layer kinds' schemas.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { createServer } from 'vite'
import { root } from './setup/paths.mjs'

const file = join(root, 'resources', 'schema', 'network.schema.json')
// Vite resolves the folder listing by which layer kinds are found.
const server = await createServer({
  root,
  configFile: false,
  logLevel: 'error',
  server: { middlewareMode: true, watch: null, ws: false },
  appType: 'custom',
  optimizeDeps: { noDiscovery: true },
})
try {
  const { networkJsonSchema } = await server.ssrLoadModule('/shared/network/json-schema.ts')
  mkdirSync(dirname(file), { recursive: true })
  const options = await resolveConfig(file)
  writeFileSync(file, await format(JSON.stringify(networkJsonSchema()), { ...options, parser: 'json' }))
  process.stdout.write(`${file}\n`)
} finally {
  await server.close()
}
