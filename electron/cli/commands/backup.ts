import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { AppError, fromWire, toWire } from '../../../shared/errors'
import { createBackup } from '../../main/db/backup/create'
import { planRestore, stagingFolder } from '../../main/db/backup/replace'
import { unpackBackup } from '../../main/db/backup/unpack'
import { defaultHome } from '../../main/db/home'
import { openStorage } from '../../main/db/open'
import { beginSession } from '../../main/db/sessions'
import type { CliContext } from '../context'
import { formatCount, formatTime } from '../format'
import { appVersion } from '../records'
import { showProgress } from '../show-progress'

export function addBackup(program: Command, { output, onInterrupt }: CliContext): void {
  program
    .command('backup')
    .argument('<FILE>', 'zip file to write')
    .option('--no-weights', 'leave weights and checkpoints out')
    .description('Write all runs into one file, while others may go on training.')
    .addHelpText('after', '\nExamples:\n  convscope backup runs.zip\n  convscope backup curves.zip --no-weights')
    .action(async (file: string, { weights }: { weights: boolean }) => {
      const storage = openStorage(defaultHome())
      const stop = new AbortController()
      const release = onInterrupt(() => stop.abort())
      try {
        const target = resolve(file)
        const made = await createBackup(storage, target, {
          appVersion: appVersion(),
          folders: weights,
          onProgress: (progress) => showProgress(output, 'Backing up', progress),
          signal: stop.signal,
        })
        output.status('')
        output.object({ type: 'backup', output: target, ...made })
        output.line(`${formatCount(made.runs)} runs (${formatCount(made.bytes)} bytes) written to ${target}`)
      } finally {
        release()
        storage.close()
      }
    })
}

export function addRestore(program: Command, { output, onInterrupt }: CliContext): void {
  program
    .command('restore')
    .argument('<FILE>', 'backup to restore')
    .description('Put a backup in place of all runs here. These are moved into a folder of their own, never deleted.')
    .addHelpText('after', '\nExamples:\n  convscope restore runs.zip')
    .action(async (file: string) => {
      const home = defaultHome()
      // Opening it makes the home folder where it is missing, and says what is wrong with it before anything is unpacked.
      openStorage(home).close()
      const session = beginSession(home)
      const staging = stagingFolder(home)
      const stop = new AbortController()
      const release = onInterrupt(() => stop.abort())
      try {
        const { createdAt, runs } = await unpackBackup(
          { file: resolve(file), into: staging },
          { onProgress: (progress) => showProgress(output, 'Checking', progress), signal: stop.signal },
        )
        output.status('')
        if (session.hasCompanyNow()) {
          await rm(staging, { recursive: true, force: true })
          throw new AppError('busy', 'Another Convscope uses the runs now.', { fix: 'Close it, then restore again.' })
        }
        planRestore(home, staging, createdAt)
        session.end()
        const { restored, notice, close } = openStorage(home)
        close()
        if (!restored) throw fromWire(notice ?? toWire(new Error('The backup could not be put in place.')))
        output.object({ type: 'restored', runs, createdAt, aside: restored.aside })
        output.line(`${formatCount(runs)} runs of the backup of ${formatTime(createdAt)} are in place.`)
        output.line(`What was here before is kept in ${restored.aside}`)
      } finally {
        release()
        session.end()
      }
    })
}
