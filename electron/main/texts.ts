import type { Locale } from '../../shared/layers/define'

export interface MenuTexts {
  readonly file: string
  readonly edit: string
  readonly view: string
  readonly window: string
  readonly help: string
  readonly about: string
  readonly quit: string
  readonly undo: string
  readonly redo: string
  readonly cut: string
  readonly copy: string
  readonly paste: string
  readonly selectAll: string
  readonly reload: string
  readonly actualSize: string
  readonly zoomIn: string
  readonly zoomOut: string
  readonly fullScreen: string
  readonly developerTools: string
  readonly minimize: string
  readonly close: string
  readonly openHome: string
  readonly openLogs: string
  readonly exportTitle: string
  readonly weightsFile: string
  readonly windowCrashed: string
  readonly windowCrashedDetail: string
  readonly restart: string
}

/** What the main process itself says: menus and dialogs. The window has its own texts. */
export const texts: Readonly<Record<Locale, MenuTexts>> = {
  en: {
    file: 'File',
    edit: 'Edit',
    view: 'View',
    window: 'Window',
    help: 'Help',
    about: 'About Convscope',
    quit: 'Quit Convscope',
    undo: 'Undo',
    redo: 'Redo',
    cut: 'Cut',
    copy: 'Copy',
    paste: 'Paste',
    selectAll: 'Select all',
    reload: 'Reload the window',
    actualSize: 'Actual size',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    fullScreen: 'Full screen',
    developerTools: 'Developer tools',
    minimize: 'Minimize',
    close: 'Close',
    openHome: 'Open the data folder',
    openLogs: 'Open the log folder',
    exportTitle: 'Export weights',
    weightsFile: 'Safetensors weights',
    windowCrashed: 'The window stopped working twice in a row.',
    windowCrashedDetail: 'Training goes on and nothing is lost. The log folder holds what happened.',
    restart: 'Open the window again',
  },
  'zh-CN': {
    file: '文件',
    edit: '编辑',
    view: '视图',
    window: '窗口',
    help: '帮助',
    about: '关于 Convscope',
    quit: '退出 Convscope',
    undo: '撤销',
    redo: '重做',
    cut: '剪切',
    copy: '复制',
    paste: '粘贴',
    selectAll: '全选',
    reload: '重新加载窗口',
    actualSize: '实际大小',
    zoomIn: '放大',
    zoomOut: '缩小',
    fullScreen: '全屏',
    developerTools: '开发者工具',
    minimize: '最小化',
    close: '关闭',
    openHome: '打开数据文件夹',
    openLogs: '打开日志文件夹',
    exportTitle: '导出权重',
    weightsFile: 'Safetensors 权重',
    windowCrashed: '窗口连续两次停止工作。',
    windowCrashedDetail: '训练仍在继续，没有丢失任何内容。日志文件夹中有详细记录。',
    restart: '重新打开窗口',
  },
}

/** The language of menus: the chosen one, or the computer's where we speak it. */
export function resolveLocale(chosen: Locale | 'system', systemLocale: string): Locale {
  if (chosen !== 'system') return chosen
  return systemLocale.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
}
