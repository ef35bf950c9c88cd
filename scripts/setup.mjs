// Brings everything that the app needs onto this machine. `npm run setup -- --help` says more.
import { parseArgs } from 'node:util'
import { command } from './lib/command.mjs'
import { allParts, dispensable, needs, setUp } from './setup/setup.mjs'
import { statusTable } from './setup/table.mjs'

const help = `Usage: npm run setup -- [options]

Brings everything that Convscope needs onto this machine: npm packages, Electron, TensorFlow, SQLite, system
libraries and, for the tests, PyTorch, Keras and a session bus. What is there already is left alone; what was interrupted goes on.

  --check          say in a table what is present, from where, and what is missing; exit code 1 if something is
  --only=PART,...  only these parts: ${allParts.map((part) => part.id).join(', ')}
  --help           this text

Downloads are kept in the user's cache folder; the variable CONVSCOPE_CACHE names another one.`

await command(main)

async function main() {
  const { values } = parseArgs({
    options: { check: { type: 'boolean' }, only: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  })
  if (values.help) {
    console.log(help)
    return 0
  }
  const ids = values.only?.split(',') ?? needs.tests
  const unknown = ids.find((id) => !allParts.some((part) => part.id === id))
  if (unknown !== undefined) {
    console.error(`There is no part “${unknown}”. Parts: ${allParts.map((part) => part.id).join(', ')}`)
    return 2
  }
  if (!values.check) {
    await setUp(ids, { stream: process.stdout, forgive: values.only ? [] : dispensable })
    return 0
  }
  const parts = values.only ? allParts.filter((part) => ids.includes(part.id)) : allParts
  const found = await Promise.all(parts.map(async (part) => ({ part, status: await part.check() })))
  console.log(statusTable(found))
  return found.every(({ part, status }) => status.present || (!values.only && !needs.app.includes(part.id))) ? 0 : 1
}
