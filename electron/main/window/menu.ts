import { Menu, app, shell, type MenuItemConstructorOptions } from 'electron'
import { join } from 'node:path'
import type { Locale } from '../../../shared/layers/define'
import { texts } from '../texts'

/** Puts up the application menu. Accelerators are Electron's own for each role. */
export function showMenu(locale: Locale, home: string): void {
  const t = texts[locale]
  const separator: MenuItemConstructorOptions = { type: 'separator' }
  const openHome: MenuItemConstructorOptions = { label: t.openHome, click: () => void shell.openPath(home) }
  const openLogs: MenuItemConstructorOptions = {
    label: t.openLogs,
    click: () => void shell.openPath(join(home, 'logs')),
  }
  const template: MenuItemConstructorOptions[] = [
    {
      label: t.file,
      submenu: [openHome, separator, { role: 'quit', label: t.quit, accelerator: 'CmdOrCtrl+Q' }],
    },
    {
      label: t.edit,
      submenu: [
        { role: 'undo', label: t.undo },
        { role: 'redo', label: t.redo },
        separator,
        { role: 'cut', label: t.cut },
        { role: 'copy', label: t.copy },
        { role: 'paste', label: t.paste },
        { role: 'selectAll', label: t.selectAll },
      ],
    },
    {
      label: t.view,
      submenu: [
        { role: 'reload', label: t.reload },
        { role: 'toggleDevTools', label: t.developerTools },
        separator,
        { role: 'resetZoom', label: t.actualSize },
        { role: 'zoomIn', label: t.zoomIn },
        { role: 'zoomOut', label: t.zoomOut },
        separator,
        { role: 'togglefullscreen', label: t.fullScreen },
      ],
    },
    {
      label: t.window,
      submenu: [
        { role: 'minimize', label: t.minimize },
        { role: 'close', label: t.close },
      ],
    },
    { label: t.help, submenu: [openLogs, separator, { role: 'about', label: t.about }] },
  ]
  // On macOS the first menu carries the app's name.
  if (process.platform === 'darwin') template.unshift({ role: 'appMenu', label: app.name })
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
