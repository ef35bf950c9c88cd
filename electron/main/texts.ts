import type { Locale } from '../../shared/layers/define'
import type { NoticeTexts } from './window/end-notices'

export interface MenuTexts extends NoticeTexts {
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
  readonly exportFolderTitle: string
  readonly weightsFile: string
  readonly weightsTitle: string
  readonly weightFiles: string
  readonly runFileTitle: string
  readonly runTargetTitle: string
  readonly runFile: string
  readonly openRun: string
  readonly importWeights: string
  readonly importedTag: string
  readonly importedFrom: string
  readonly copyOf: string
  readonly newDesign: string
  readonly newFromTemplate: string
  readonly open: string
  readonly import: string
  readonly openRecent: string
  readonly noRecent: string
  readonly clearRecent: string
  readonly save: string
  readonly saveAs: string
  readonly dontSave: string
  readonly cancel: string
  readonly overwrite: string
  readonly revert: string
  readonly exportPicture: string
  readonly openTitle: string
  readonly importTitle: string
  readonly saveTitle: string
  readonly exportFileTitle: string
  readonly networkFile: string
  readonly importFile: string
  readonly allFiles: string
  readonly svgFile: string
  readonly pngFile: string
  readonly gifFile: string
  readonly npyFile: string
  readonly csvFile: string
  readonly pythonFile: string
  readonly unsavedQuestion: string
  readonly unsavedDetail: string
  readonly changedQuestion: string
  readonly changedDetail: string
  readonly revertQuestion: string
  readonly revertDetail: string
  readonly backup: string
  readonly restore: string
  readonly backupTitle: string
  readonly restoreTitle: string
  readonly backupFile: string
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
    exportTitle: 'Export as',
    exportFolderTitle: 'Export into a new folder',
    weightsFile: 'Safetensors weights',
    weightsTitle: 'Start from weights',
    weightFiles: 'Weights (safetensors, ONNX, npz)',
    runFileTitle: 'Open a run',
    runTargetTitle: 'Save the run as a file',
    runFile: 'Convscope run',
    openRun: 'Open a run file…',
    importWeights: 'Start from weights…',
    importedTag: 'imported',
    importedFrom: 'Opened from {file}, written on {date} by Convscope {version}.',
    copyOf: '{name} (copy)',
    newDesign: 'New',
    newFromTemplate: 'New from template…',
    open: 'Open…',
    import: 'Import…',
    openRecent: 'Open recent',
    noRecent: 'No files yet',
    clearRecent: 'Clear the list',
    save: 'Save',
    saveAs: 'Save as…',
    dontSave: 'Don’t save',
    cancel: 'Cancel',
    overwrite: 'Overwrite',
    revert: 'Revert to the file',
    exportPicture: 'Export picture…',
    openTitle: 'Open a network',
    importTitle: 'Import a network',
    saveTitle: 'Save the network',
    exportFileTitle: 'Export',
    networkFile: 'Convscope network',
    importFile: 'ONNX, PyTorch or Keras',
    allFiles: 'All files',
    svgFile: 'SVG picture',
    pngFile: 'PNG picture',
    gifFile: 'Animated GIF',
    npyFile: 'NumPy array',
    csvFile: 'CSV table',
    pythonFile: 'Python program',
    unsavedQuestion: 'Save the changes to “{name}”?',
    unsavedDetail: 'Without saving, they are lost.',
    changedQuestion: '“{name}” was changed by another program.',
    changedDetail: 'Overwriting replaces what it wrote. Saving under another name keeps both.',
    revertQuestion: 'Go back to “{name}” as it was saved?',
    revertDetail: 'All changes since then are lost.',
    backup: 'Back up…',
    restore: 'Restore a backup…',
    backupTitle: 'Back up the runs',
    restoreTitle: 'Restore a backup',
    backupFile: 'Convscope backup',
    windowCrashed: 'The window stopped working twice in a row.',
    windowCrashedDetail: 'Training goes on and nothing is lost. The log folder holds what happened.',
    restart: 'Open the window again',
    runFinished: '“{name}” has finished',
    runFinishedDetail: '{detail} of the test pictures are recognized.',
    runStopped: '“{name}” was stopped',
    runStoppedDetail: 'What was learned is kept.',
    runFailed: '“{name}” has failed',
    runFailedDetail: '{message}',
    experimentEnded: 'The experiment “{name}” has ended',
    experimentEndedDetail: '{n} runs.',
    experimentFailedDetail: '{n} runs, of which {failed} failed.',
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
    exportTitle: '导出为',
    exportFolderTitle: '导出到新文件夹',
    weightsFile: 'Safetensors 权重',
    weightsTitle: '从权重开始',
    weightFiles: '权重（safetensors、ONNX、npz）',
    runFileTitle: '打开运行',
    runTargetTitle: '将运行保存为文件',
    runFile: 'Convscope 运行',
    openRun: '打开运行文件…',
    importWeights: '从权重开始…',
    importedTag: '导入',
    importedFrom: '打开自 {file}，由 Convscope {version} 于 {date} 写入。',
    copyOf: '{name}（副本）',
    newDesign: '新建',
    newFromTemplate: '从模板新建…',
    open: '打开…',
    import: '导入…',
    openRecent: '最近打开',
    noRecent: '暂无文件',
    clearRecent: '清空列表',
    save: '保存',
    saveAs: '另存为…',
    dontSave: '不保存',
    cancel: '取消',
    overwrite: '覆盖',
    revert: '还原到文件',
    exportPicture: '导出图片…',
    openTitle: '打开网络',
    importTitle: '导入网络',
    saveTitle: '保存网络',
    exportFileTitle: '导出',
    networkFile: 'Convscope 网络',
    importFile: 'ONNX、PyTorch 或 Keras',
    allFiles: '所有文件',
    svgFile: 'SVG 图片',
    pngFile: 'PNG 图片',
    gifFile: 'GIF 动画',
    npyFile: 'NumPy 数组',
    csvFile: 'CSV 表格',
    pythonFile: 'Python 程序',
    unsavedQuestion: '要保存对“{name}”的更改吗？',
    unsavedDetail: '如果不保存，更改将会丢失。',
    changedQuestion: '“{name}”已被其他程序修改。',
    changedDetail: '覆盖会替换那些修改；另存为则两者都保留。',
    revertQuestion: '要还原到“{name}”上次保存的内容吗？',
    revertDetail: '此后的所有更改都将丢失。',
    backup: '备份…',
    restore: '恢复备份…',
    backupTitle: '备份运行',
    restoreTitle: '恢复备份',
    backupFile: 'Convscope 备份',
    windowCrashed: '窗口连续两次停止工作。',
    windowCrashedDetail: '训练仍在继续，没有丢失任何内容。日志文件夹中有详细记录。',
    restart: '重新打开窗口',
    runFinished: '“{name}”已完成',
    runFinishedDetail: '测试图片的识别率为 {detail}。',
    runStopped: '“{name}”已停止',
    runStoppedDetail: '已学到的内容已保留。',
    runFailed: '“{name}”失败了',
    runFailedDetail: '打开窗口可查看原因和解决办法。',
    experimentEnded: '实验“{name}”已结束',
    experimentEndedDetail: '共 {n} 次运行。',
    experimentFailedDetail: '共 {n} 次运行，其中 {failed} 次失败。',
  },
}

/** The language of menus: the chosen one, or the computer's where we speak it. */
export function resolveLocale(chosen: Locale | 'system', systemLocale: string): Locale {
  if (chosen !== 'system') return chosen
  return systemLocale.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
}
