import { existsSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ArchiveWatch, BackupJob } from '../../../exchange/archives'
import { writeZip, type ZipPart, type ZipSource } from '../../../exchange/zip/write-zip'
import { databaseName } from '../home'
import { backupVersion, fileNameSchema, manifestName, type BackupManifest } from './format'

/**
 * Writes a copied database, and the run folders where they are wanted, into a new file; gives the number of files in it. Throws
 * what the disk throws; the file is then the caller's to remove.
 */
export async function writeBackup(
  { target, home, snapshot, folders, appVersion, schema, runs }: BackupJob,
  watch: ArchiveWatch,
): Promise<number> {
  const database = { name: databaseName, from: snapshot, size: (await stat(snapshot)).size }
  const createdAt = Date.now()
  const content = (files: readonly ZipPart[]): string => {
    const about = { format: 'convscope.backup' as const, version: backupVersion, createdAt, appVersion, schema, runs }
    return JSON.stringify({ ...about, folders, files: [...files] } satisfies BackupManifest)
  }
  const sources = [database, ...(folders ? await listRunFiles(home) : [])]
  return (await writeZip(target, sources, { name: manifestName, content }, watch)).length
}

/** Every file of every run's folder; unfinished ones begin with a dot and are left out. */
export async function listRunFiles(home: string, folder = 'runs'): Promise<ZipSource[]> {
  const found: ZipSource[] = []
  const path = join(home, folder)
  for (const entry of existsSync(path) ? await readdir(path, { withFileTypes: true }) : []) {
    if (entry.name.startsWith('.')) continue
    const name = `${folder}/${entry.name}`
    if (entry.isDirectory()) found.push(...(await listRunFiles(home, name)))
    if (!entry.isFile() || !fileNameSchema.safeParse(name).success) continue
    const about = await stat(join(home, name)).catch(() => null)
    if (about) found.push({ name, from: join(home, name), size: about.size })
  }
  return found
}
