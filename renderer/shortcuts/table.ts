import type { TextKey } from '../i18n/text'
import { capsOf, type Keys } from './keys'

// Every key that the window knows: the key handlers, the list of shortcuts, menus and tooltips all read this table.

export interface Shortcut {
  readonly text: TextKey
  readonly keys: readonly Keys[]
  /** What the mouse does for the same, for the list alone. */
  readonly gesture?: TextKey
}

/** What only the mouse does, for the list alone. */
interface Gesture {
  readonly text: TextKey
  readonly gesture: TextKey
}

function plain(key: string): Keys {
  return { key }
}
function control(key: string): Keys {
  return { key, control: true }
}
function shift(key: string): Keys {
  return { key, shift: true }
}
const arrows = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']

export const shortcuts = {
  everywhere: {
    train: { text: 'shortcuts.train', keys: [control('Enter')] },
    pause: { text: 'shortcuts.pause', keys: [plain(' ')] },
    stop: { text: 'shortcuts.stop', keys: [control('.')] },
    screens: { text: 'shortcuts.screens', keys: ['1', '2', '3', '4', '5', '6'].map(control) },
    help: { text: 'shortcuts.help', keys: [plain('?')] },
  },
  files: {
    new: { text: 'files.new', keys: [control('n')] },
    open: { text: 'files.open', keys: [control('o')] },
    save: { text: 'files.save', keys: [control('s')] },
    saveAs: { text: 'files.saveAs', keys: [{ ...control('s'), shift: true }] },
  },
  convolution: {
    play: { text: 'convolution.playOrPause', keys: [plain(' ')] },
    stepBack: { text: 'convolution.stepBack', keys: [plain('ArrowLeft')] },
    stepForward: { text: 'convolution.stepForward', keys: [plain('ArrowRight')] },
    toStart: { text: 'convolution.toStart', keys: [plain('Home')] },
    toEnd: { text: 'convolution.toEnd', keys: [plain('End')] },
  },
  runs: {
    undo: { text: 'organize.undoDelete', keys: [control('z')] },
    selectAll: { text: 'organize.selectAll', keys: [control('a')] },
    remove: { text: 'organize.delete', keys: [plain('Delete'), plain('Backspace')] },
    extend: { text: 'organize.extend', keys: [shift('ArrowUp'), shift('ArrowDown')] },
    pin: { text: 'organize.pinOrNot', keys: [plain('p')] },
    search: { text: 'organize.search', keys: [plain('/')] },
    leave: { text: 'organize.selectNone', keys: [plain('Escape')] },
  },
  /** While a chart of several runs has the focus. */
  charts: {
    step: { text: 'shortcuts.readAt', keys: [plain('ArrowLeft'), plain('ArrowRight')] },
    leap: { text: 'shortcuts.readFar', keys: [plain('PageUp'), plain('PageDown')] },
    ends: { text: 'shortcuts.readEnds', keys: [plain('Home'), plain('End')] },
    zoomIn: { text: 'design.zoomIn', keys: [plain('+'), plain('=')] },
    zoomOut: { text: 'design.zoomOut', keys: [plain('-')] },
    whole: { text: 'chart.resetZoom', keys: [plain('0')], gesture: 'shortcuts.doubleClick' },
  },
  edit: {
    undo: { text: 'design.undo', keys: [control('z')] },
    redo: { text: 'design.redo', keys: [control('y'), { ...control('z'), shift: true }] },
    cut: { text: 'design.cut', keys: [control('x')] },
    copy: { text: 'design.copy', keys: [control('c')] },
    paste: { text: 'design.paste', keys: [control('v')] },
    duplicate: { text: 'design.duplicate', keys: [control('d')] },
    remove: { text: 'shortcuts.remove', keys: [plain('Delete'), plain('Backspace')] },
    selectAll: { text: 'design.selectAll', keys: [control('a')] },
    group: { text: 'design.group', keys: [control('g')] },
    ungroup: { text: 'design.ungroup', keys: [{ ...control('g'), shift: true }] },
  },
  layers: {
    add: { text: 'design.add', keys: [plain('a')] },
    insert: { text: 'shortcuts.insert', keys: [plain('i')] },
    connect: { text: 'design.connectTo', keys: [plain('c')] },
    edge: { text: 'shortcuts.edge', keys: [plain('e')] },
    rename: { text: 'design.rename', keys: [plain('F2')] },
    change: { text: 'shortcuts.change', keys: [plain('Enter')], gesture: 'shortcuts.doubleClick' },
    leave: { text: 'shortcuts.leave', keys: [plain('Escape')] },
  },
  canvas: {
    walk: { text: 'shortcuts.walk', keys: arrows.map(plain) },
    extend: { text: 'shortcuts.extend', keys: arrows.map(shift) },
    nudge: { text: 'shortcuts.nudge', keys: arrows.map((key) => ({ key, alt: true })) },
    zoomIn: { text: 'design.zoomIn', keys: [plain('+'), plain('=')] },
    zoomOut: { text: 'design.zoomOut', keys: [plain('-')] },
    fit: { text: 'shortcuts.fit', keys: [plain('0')] },
    layOut: { text: 'design.layOut', keys: [plain('l')] },
  },
  /** While a layer is looked for by its name. */
  palette: {
    next: { text: 'shortcuts.next', keys: [plain('ArrowDown')] },
    previous: { text: 'shortcuts.previous', keys: [plain('ArrowUp')] },
    append: { text: 'shortcuts.append', keys: [plain('Enter')] },
    branch: { text: 'shortcuts.branch', keys: [shift('Enter')] },
    quit: { text: 'shortcuts.quit', keys: [plain('Escape')] },
  },
} as const satisfies Record<string, Record<string, Shortcut>>

export type ShortcutGroup = keyof typeof shortcuts
export type ShortcutOf<Group extends ShortcutGroup> = { [G in Group]: keyof (typeof shortcuts)[G] }[Group] & string

/** Beside the keys of a group. */
export const gestures: Readonly<Partial<Record<ShortcutGroup, readonly Gesture[]>>> = {
  everywhere: [{ text: 'shortcuts.zoom', gesture: 'shortcuts.drag' }],
  runs: [{ text: 'shortcuts.alone', gesture: 'shortcuts.doubleClick' }],
  charts: [{ text: 'shortcuts.pan', gesture: 'shortcuts.shiftDrag' }],
  layers: [{ text: 'shortcuts.menu', gesture: 'shortcuts.rightClick' }],
  canvas: [
    { text: 'shortcuts.band', gesture: 'shortcuts.shiftDrag' },
    { text: 'shortcuts.choose', gesture: 'shortcuts.shiftClick' },
  ],
}

/** The keys of a shortcut for a menu or a tooltip: `Ctrl Z`. */
export function keysOf<Group extends ShortcutGroup>(group: Group, id: ShortcutOf<Group>): string {
  const rows: Readonly<Record<string, Shortcut>> = shortcuts[group]
  const first = rows[id]?.keys[0]
  return first ? capsOf(first).join(' ') : ''
}
