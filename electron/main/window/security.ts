import { app, protocol, session } from 'electron'
import { pageOrigin, pageScheme, servePage } from './pages'

/** Must run before Electron is ready: gives our scheme an origin, like https. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

/** Serves the window's files, denies every permission, and lets nothing reach the network. */
export function secureSession(pages: string, devServer: string | undefined): void {
  const { defaultSession } = session
  defaultSession.protocol.handle(pageScheme, (request) => servePage(pages, request.url))
  defaultSession.setPermissionRequestHandler((_contents, _permission, done) => done(false))
  defaultSession.setPermissionCheckHandler(() => false)
  defaultSession.setDevicePermissionHandler(() => false)
  defaultSession.on('will-download', (event) => event.preventDefault())
  defaultSession.webRequest.onBeforeRequest((details, done) => {
    done({ cancel: !isAllowed(details.url, devServer) })
  })
}

function isAllowed(address: string, devServer: string | undefined): boolean {
  const { protocol: scheme, host } = new URL(address)
  if (scheme === 'devtools:' || scheme === 'blob:' || scheme === 'data:') return true
  if (`${scheme}//${host}` === pageOrigin) return true
  return devServer !== undefined && host === new URL(devServer).host
}

/** The development server's address; only an app that is not packaged takes one. */
export function devServerAddress(): string | undefined {
  return app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL
}
