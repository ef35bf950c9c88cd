import { BrowserWindow, app, dialog, nativeTheme, screen, shell } from 'electron'
import { basename } from 'node:path'
import type { Locale } from '../../../shared/layers/define'
import type { Log } from '../log'
import type { WindowBounds } from '../settings-store'
import { texts } from '../texts'

/** Hosts that a link in the window may open in the browser. */
const externalHosts: ReadonlySet<string> = new Set([
  'arxiv.org',
  'docs.pytorch.org',
  'pytorch.org',
  'keras.io',
  'www.tensorflow.org',
])

/** A second crash of the window within this time is told instead of mended silently. */
const crashLoopMs = 30_000

export interface WindowOptions {
  readonly preload: string
  readonly page: string
  readonly isOwnPage: (url: string) => boolean
  readonly bounds: WindowBounds | null
  readonly saveBounds: (bounds: WindowBounds) => void
  /** Whether the window may close now; where not, its owner asks the person first. */
  readonly mayClose: () => boolean
  readonly locale: () => Locale
  readonly log: Log
}

/** Opens the one window, shown when its first picture is ready. */
export function openWindow(options: WindowOptions): BrowserWindow {
  const { bounds } = options
  const window = new BrowserWindow({
    width: 1360,
    height: 860,
    ...(bounds && isOnScreen(bounds) ? { x: bounds.x, y: bounds.y, width: bounds.width, height: bounds.height } : {}),
    minWidth: 960,
    minHeight: 640,
    title: 'Convscope',
    show: false,
    backgroundColor: backgroundColor(),
    webPreferences: {
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      // Charts and the run bar follow training while another window is in front.
      backgroundThrottling: false,
    },
  })
  if (bounds?.maximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  window.on('close', (event) => {
    options.saveBounds(boundsOf(window))
    if (!options.mayClose()) event.preventDefault()
  })
  window.on('page-title-updated', (event) => event.preventDefault())
  nativeTheme.on('updated', recolour)
  window.on('closed', () => nativeTheme.off('updated', recolour))
  function recolour(): void {
    window.setBackgroundColor(backgroundColor())
  }
  keepInside(window, options)
  mendCrashes(window, options)
  void window.loadURL(options.page).catch((error: unknown) => options.log(`the window did not load: ${String(error)}`))
  return window
}

export function boundsOf(window: BrowserWindow): WindowBounds {
  return { ...window.getNormalBounds(), maximized: window.isMaximized() }
}

/** No navigation, no new windows, no web views: links to known hosts open in the browser. */
function keepInside(window: BrowserWindow, { isOwnPage, log }: WindowOptions): void {
  window.webContents.setWindowOpenHandler(({ url }) => {
    openExternally(url, log)
    return { action: 'deny' }
  })
  window.webContents.on('will-navigate', (event) => {
    if (isOwnPage(event.url)) return
    event.preventDefault()
    openExternally(event.url, log)
  })
  window.webContents.on('will-attach-webview', (event) => event.preventDefault())
}

function openExternally(address: string, log: Log): void {
  const url = URL.canParse(address) ? new URL(address) : null
  if (url?.protocol === 'https:' && externalHosts.has(url.host)) void shell.openExternal(url.href)
  else log(`a link was not followed: ${address}`)
}

function mendCrashes(window: BrowserWindow, { log, locale }: WindowOptions): void {
  let lastCrash = -crashLoopMs
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return
    log(`the window's process ended: ${reason} (${exitCode})`)
    const again = Date.now() - lastCrash < crashLoopMs
    lastCrash = Date.now()
    if (!again) window.reload()
    else void tellCrash(window, locale())
  })
  window.webContents.on('unresponsive', () => log('the window does not respond'))
  window.webContents.on('preload-error', (_event, path, error) =>
    log(`preload ${path}: ${error.stack ?? error.message}`),
  )
  // Electron before 35 gives the parts as arguments, later versions in one object.
  window.webContents.on('console-message', (details, level, message, line, source) => {
    if (level === 3) log(`window: ${message} (${source}:${line})`)
    else if (details.level === 'error') log(`window: ${details.message} (${details.sourceId}:${details.lineNumber})`)
  })
}

/** The window's own name for what is designed, with a dot before one that is not saved. */
export function showTitle(
  window: BrowserWindow,
  { name, path, dirty }: { name: string; path: string | null; dirty: boolean },
): void {
  if (window.isDestroyed()) return
  window.setTitle(`${dirty ? '● ' : ''}${path === null ? name : basename(path)} – Convscope`)
  window.setDocumentEdited(dirty)
  window.setRepresentedFilename(path ?? '')
}

async function tellCrash(window: BrowserWindow, locale: Locale): Promise<void> {
  const t = texts[locale]
  const { response } = await dialog.showMessageBox({
    type: 'error',
    message: t.windowCrashed,
    detail: t.windowCrashedDetail,
    buttons: [t.restart, t.quit],
    defaultId: 0,
    cancelId: 1,
  })
  if (response === 0) window.reload()
  else app.quit()
}

/** The page's own background, so that nothing flashes before its first picture. */
export function backgroundColor(): string {
  return nativeTheme.shouldUseDarkColors ? '#0e1014' : '#f4f5f7'
}

/** A screen may have gone since the window stood there. */
function isOnScreen(bounds: WindowBounds): boolean {
  return screen.getAllDisplays().some(({ workArea }) => {
    const overlapX = Math.min(bounds.x + bounds.width, workArea.x + workArea.width) - Math.max(bounds.x, workArea.x)
    const overlapY = Math.min(bounds.y + bounds.height, workArea.y + workArea.height) - Math.max(bounds.y, workArea.y)
    return overlapX > 100 && overlapY > 100
  })
}
