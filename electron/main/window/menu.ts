import { Menu, app, shell, type MenuItemConstructorOptions } from 'electron'
import { join } from 'node:path'
import type { DocumentCommand } from '../../../shared/ipc/document-calls'
import type { Locale } from '../../../shared/layers/define'
import { recentLabels, type Recent } from '../documents/recents'
import { texts } from '../texts'

export interface MenuOptions {
  readonly locale: Locale
  readonly home: string
  readonly recents: readonly Recent[]
  readonly command: (command: DocumentCommand) => void
  readonly backup: (command: 'backup' | 'restore') => void
  readonly openRecent: (path: string) => void
  readonly clearRecent: () => void
}

/** Puts up the application menu. Accelerators are Electron's own for each role. */
export function showMenu({ locale, home, recents, command, backup, openRecent, clearRecent }: MenuOptions): void {
  const t = texts[locale]
  function item(label: string, name: DocumentCommand, accelerator = ''): MenuItemConstructorOptions {
    return { id: name, label, click: () => command(name), ...(accelerator ? { accelerator } : {}) }
  }
  /** The keys reach the window first, which knows whether a text field or the design is meant; the menu only names them. */
  function named(label: string, name: DocumentCommand, accelerator: string): MenuItemConstructorOptions {
    return { ...item(label, name, accelerator), registerAccelerator: false }
  }
  const labels = recentLabels(recents)
  const recentItems: MenuItemConstructorOptions[] = recents.map(({ path }, index) => ({
    // An & would underline the letter behind it.
    label: (labels[index] ?? path).replaceAll('&', '&&'),
    click: () => openRecent(path),
  }))
  const separator: MenuItemConstructorOptions = { type: 'separator' }
  const openHome: MenuItemConstructorOptions = { label: t.openHome, click: () => void shell.openPath(home) }
  const openLogs: MenuItemConstructorOptions = {
    label: t.openLogs,
    click: () => void shell.openPath(join(home, 'logs')),
  }
  const template: MenuItemConstructorOptions[] = [
    {
      label: t.file,
      submenu: [
        item(t.newDesign, 'new', 'CmdOrCtrl+N'),
        item(t.newFromTemplate, 'newFromTemplate'),
        item(t.open, 'open', 'CmdOrCtrl+O'),
        {
          label: t.openRecent,
          submenu:
            recents.length === 0
              ? [{ label: t.noRecent, enabled: false }]
              : [...recentItems, { type: 'separator' }, { label: t.clearRecent, click: clearRecent }],
        },
        item(t.import, 'import'),
        item(t.importWeights, 'importWeights'),
        item(t.openRun, 'openRun'),
        separator,
        item(t.save, 'save', 'CmdOrCtrl+S'),
        item(t.saveAs, 'saveAs', 'CmdOrCtrl+Shift+S'),
        item(t.revert, 'revert'),
        separator,
        item(t.exportPicture, 'exportPicture'),
        separator,
        { id: 'backup', label: t.backup, click: () => backup('backup') },
        { id: 'restore', label: t.restore, click: () => backup('restore') },
        separator,
        openHome,
        separator,
        { role: 'quit', label: t.quit, accelerator: 'CmdOrCtrl+Q' },
      ],
    },
    {
      label: t.edit,
      submenu: [
        named(t.undo, 'undo', 'CmdOrCtrl+Z'),
        named(t.redo, 'redo', 'CmdOrCtrl+Shift+Z'),
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
