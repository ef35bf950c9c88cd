import { app, dialog } from 'electron'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fromWire, toWire } from '../../shared/errors'
import { startApp, type RunningApp } from './app'
import { noteDamage } from './db/damage'
import { appName, defaultHome } from './db/home'
import { fileOfArguments } from './documents/launch-files'
import { openLog } from './log'
import { openBehindSign } from './recovery/open-behind'
import { showRecovery } from './recovery/recovery-window'
import { forkRecovery, killChild } from './trainer-fork'
import { recoveryPage } from './window/pages'
import { devServerAddress, registerPageScheme, secureSession } from './window/security'

const home = defaultHome()
const log = openLog(join(home, 'logs', 'main.log'))
process.on('uncaughtException', (error) => log(`uncaught: ${error.stack ?? error.message}`))
process.on('unhandledRejection', (reason) => {
  log(`unhandled: ${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}`)
})

app.setName(appName)
// Root has no sandbox on Linux; forcing it there would keep every child process from starting.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
registerPageScheme()
if (useHome()) begin()

/** Our files lie in the home folder itself, Chromium's caches in a folder of their own below it. */
function useHome(): boolean {
  try {
    mkdirSync(join(home, 'window'), { recursive: true })
    app.setPath('userData', home)
    app.setPath('sessionData', join(home, 'window'))
    return true
  } catch (error) {
    failToStart(error)
    return false
  }
}

const archiver = join(import.meta.dirname, 'archiver.js')
const preload = join(import.meta.dirname, '../preload/index.cjs')
const pages = join(import.meta.dirname, '../renderer')

function begin(): void {
  const devServer = devServerAddress()
  // A second start only shows the first one's window. The lock lies in the home folder, so each home has its own.
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return
  }
  let running: RunningApp | null = null
  let closing: Promise<void> | null = null
  let closed = false
  let startsAgain = false
  let calledWith = fileOfArguments(process.argv, process.cwd())
  app.on('second-instance', (_event, argv, folder) => {
    running?.focus()
    open(fileOfArguments(argv, folder))
  })
  // macOS names files by this event, also before the app is ready.
  app.on('open-file', (event, path) => {
    event.preventDefault()
    open(path)
  })
  function open(path: string | null): void {
    if (path === null) return
    if (running) running.openFile(path)
    else calledWith = path
  }
  // The window that tells of a recovery closes before there is another.
  app.on('window-all-closed', () => running && app.quit())
  app.on('before-quit', (event) => {
    if (closed || !running) return
    event.preventDefault()
    if (!closing && !running.mayQuit()) return
    closing ??= running
      .shutDown()
      .catch((error: unknown) => log(`shutting down: ${toWire(error).message}`))
      .finally(() => {
        closed = true
        if (startsAgain) app.relaunch()
        app.quit()
      })
  })
  void app.whenReady().then(async () => {
    try {
      secureSession(pages, devServer)
      const storage = await openBehindSign({
        home,
        fork: () => forkRecovery(archiver, home),
        kill: killChild,
        log,
        show: () => showRecovery(preload, devServer ? new URL('recovery.html', devServer).href : recoveryPage),
      })
      running = startApp(
        storage,
        {
          home,
          trainer: join(import.meta.dirname, 'trainer.js'),
          exporter: join(import.meta.dirname, 'exporter.js'),
          archiver,
          preload,
          devServer,
          file: calledWith,
          restart() {
            startsAgain = true
            app.quit()
          },
        },
        log,
      )
    } catch (error) {
      failToStart(fromWire(noteDamage(home, toWire(error))))
    }
  })
}

function failToStart(error: unknown): void {
  const { message, fix } = toWire(error)
  log(`cannot start: ${error instanceof Error ? (error.stack ?? message) : message}`)
  // Also where no screen can show the box.
  process.stderr.write(`Convscope cannot start: ${message} ${fix}\n`)
  dialog.showErrorBox('Convscope', `${message}\n${fix}`)
  app.exit(1)
}
