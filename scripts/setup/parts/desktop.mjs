import { installDebian } from '../debian.mjs'
import { hasDesktopServices } from '../desktop-services.mjs'
import { missing } from '../part.mjs'

/** A session bus, and the libraries through which Electron speaks to a desktop. @type {import('../part.mjs').Part} */
export const desktopPart = {
  id: 'desktop',
  title: 'desktop services',
  purpose: 'end-to-end tests',

  check() {
    const present = process.platform !== 'linux' || hasDesktopServices()
    return Promise.resolve(present ? { present, version: '', from: 'system', path: '' } : missing)
  },

  install: (progress) =>
    installDebian(
      ['dbus-daemon', 'python3-dbus', 'python3-gi', 'libnotify4', 'libunity9'],
      'The end-to-end tests of notifications, of the launcher and of power saving need a session bus',
      progress,
    ),
}
