import { realpath, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { diskFiles } from '../run-folder/files'

/**
 * Has `work` make and flush a file beside `target`, which then takes its place: all of it, or what was there stays. A link keeps
 * leading where it led. Throws what `work` and the disk throw.
 */
export async function replaceFile<Result>(
  target: string,
  work: (unfinished: string) => Promise<Result>,
): Promise<Result> {
  const final = await realpath(target).catch(() => target)
  const unfinished = join(dirname(final), `.${basename(final)}.part`)
  try {
    // Of a program that died while it wrote.
    await rm(unfinished, { force: true })
    const result = await work(unfinished)
    await rename(unfinished, final)
    diskFiles.syncFolder(dirname(final))
    return result
  } finally {
    await rm(unfinished, { force: true })
  }
}
