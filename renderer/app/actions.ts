import { commands } from '../../core/commands/index.ts'
import { layersOf } from '../../core/network/blocks.ts'
import { OUTPUT_PORT } from '../../core/network/document.ts'
import { arrange, stopArranging } from '../canvas/arrangeLayers.ts'
import {
  addComment,
  closeAll,
  dissolveBlocks,
  enterBlock,
  leaveBlock,
  makeBlock,
  openAll,
  placementNow,
  selectedBlocks,
  toggleBypass,
  toggleCollapse,
} from '../canvas/blocks.ts'
import { exitOf } from '../canvas/ends.ts'
import { behindSelection } from '../canvas/putLayer.ts'
import { stage } from '../canvas/stage.ts'
import type { IconName } from '../kit/icons.ts'
import { saveBlock } from '../palette/library.ts'
import { type Store, useStore } from '../state/store.ts'
import { trains } from '../training/runs.ts'
import { copyLayers, cutLayers, pasteLayers } from './clipboard.ts'
import { exportDrawing } from './exportDrawing.ts'
import { importFile, newFile, openFile, saveFile } from './files.ts'
import type { Keys } from './keys.ts'
import { downstreamOf, upstreamOf } from './walk.ts'

/** Something a person can do, by menu, key, button or the list of all commands. Its text is `action.<name>` in app.json. */
export interface Action {
  readonly icon?: IconName
  readonly keys?: Keys
  /** Further keys for the same, not shown in menus. */
  readonly otherKeys?: readonly Keys[]
  /** Its keys also work while typing in a field. */
  readonly inFields?: boolean
  /** Handled by the browser's own event (copy, cut, paste), so that no key is listened for. */
  readonly native?: boolean
  /** Its keys also work outside the editor. */
  readonly anywhere?: boolean
  readonly danger?: boolean
  readonly checked?: (store: Store) => boolean
  /** Absent: always. */
  readonly enabled?: (store: Store) => boolean
  readonly run: () => void
}

const store = () => useStore.getState()
const some = (s: Store) => s.view.selection.length > 0
const anything = (s: Store) => s.document.document.layers.length > 0
const select = (layers: Iterable<string>) => store().view.select([...layers])

function remove(): void {
  const { document, view } = store()
  document.run(commands.removeLayers, { layers: view.selection, wires: view.selectedWires })
}

const all = () => [...placementNow().items.keys()]
const blocks = (s: Store) =>
  s.document.document.groups.length > 0 && s.view.selection.some((id) => isBlock(s, id))
const oneBlock = (s: Store) => s.view.selection.length === 1 && isBlock(s, s.view.selection[0]!)
const isBlock = (s: Store, id: string) => s.document.document.groups.some((group) => group.id === id)
const anyBlock = (s: Store) => s.document.document.groups.length > 0

/** What feeds the selection, or is fed by it, as it is seen. */
function along(walk: typeof upstreamOf): void {
  const { document, view } = store()
  const { standIn } = placementNow()
  const found = walk(document.document, layersOf(document.document, view.selection))
  select(new Set([...found].flatMap((id) => standIn.get(id) ?? [])))
}

const running = (s: Store) => s.run.list.find(trains)

/** Lets the run that trains wait, or go on. */
function pauseOrContinue(): void {
  const { run } = store()
  const at = running(store())
  if (at?.state === 'paused') void run.continue(at.runId)
  else if (at) void run.pause(at.runId)
}

const canLeave = (s: Store) =>
  some(s) ||
  s.view.selectedWires.length > 0 ||
  s.view.refusal !== null ||
  s.view.scope !== null ||
  s.view.arranging !== null

export const actions = {
  newFile: { icon: 'file', keys: 'Alt+N', anywhere: true, run: newFile },
  open: { icon: 'folder', keys: 'Ctrl+O', inFields: true, anywhere: true, run: () => void openFile() },
  gallery: { icon: 'layers', run: () => store().ui.show('gallery') },
  save: { icon: 'save', keys: 'Ctrl+S', inFields: true, run: () => void saveFile() },
  importModel: { icon: 'import', run: () => void importFile() },
  weights: { icon: 'import', enabled: anything, run: () => store().view.openDialog('weights') },
  saveAs: { keys: 'Ctrl+Shift+S', inFields: true, run: () => void saveFile(true) },

  undo: {
    icon: 'undo',
    keys: 'Ctrl+Z',
    enabled: (s) => s.document.past.length > 0,
    run: () => store().document.undo(),
  },
  redo: {
    icon: 'redo',
    keys: 'Ctrl+Shift+Z',
    otherKeys: ['Ctrl+Y'],
    enabled: (s) => s.document.future.length > 0,
    run: () => store().document.redo(),
  },
  cut: { icon: 'cut', keys: 'Ctrl+X', native: true, enabled: some, run: () => void cutLayers() },
  copy: { icon: 'copy', keys: 'Ctrl+C', native: true, enabled: some, run: () => void copyLayers() },
  paste: { icon: 'paste', keys: 'Ctrl+V', native: true, run: () => void pasteLayers(false) },
  pasteWired: { keys: 'Ctrl+Shift+V', native: true, run: () => void pasteLayers(true) },
  duplicate: {
    keys: 'Ctrl+D',
    enabled: some,
    run: () =>
      void store().document.run(commands.duplicate, {
        layers: store().view.selection,
        offset: { x: 40, y: 40 },
      }),
  },
  remove: {
    icon: 'trash',
    keys: 'Delete',
    otherKeys: ['Backspace'],
    enabled: (s) => some(s) || s.view.selectedWires.length > 0,
    run: remove,
  },
  removeReconnect: {
    keys: 'Alt+Delete',
    otherKeys: ['Alt+Backspace'],
    enabled: some,
    run: () => void store().document.run(commands.removeAndReconnect, { layers: store().view.selection }),
  },
  selectAll: { keys: 'Ctrl+A', enabled: anything, run: () => select(all()) },
  selectNothing: { keys: 'Escape', enabled: canLeave, run: leave },
  selectUpstream: {
    keys: 'Alt+S, U',
    enabled: some,
    run: () => along(upstreamOf),
  },
  selectDownstream: {
    keys: 'Alt+S, D',
    enabled: some,
    run: () => along(downstreamOf),
  },
  find: { icon: 'search', keys: 'Ctrl+F', enabled: anything, run: () => store().view.openDialog('find') },

  fit: { icon: 'fit', keys: 'Home', otherKeys: ['.'], enabled: anything, run: () => stage.fit() },
  zoomIn: { icon: 'plus', keys: 'Ctrl++', otherKeys: ['Ctrl+NumpadAdd'], run: stage.zoomIn },
  zoomOut: { icon: 'minus', keys: 'Ctrl+-', otherKeys: ['Ctrl+NumpadSubtract'], run: stage.zoomOut },
  zoomReset: { keys: 'Ctrl+0', run: () => stage.zoomTo(1) },
  minimap: {
    icon: 'map',
    checked: (s) => s.view.minimap,
    run: () => store().view.setMinimap(!store().view.minimap),
  },
  drawer: {
    icon: 'panel',
    keys: 'Ctrl+J',
    checked: (s) => s.view.drawerOpen,
    run: () => store().view.showDrawer(!store().view.drawerOpen),
  },
  problems: { icon: 'warn', keys: 'Ctrl+Shift+M', run: () => store().view.showDrawer(true, 'problems') },
  theme: { icon: 'sun', run: () => store().ui.setTheme(store().ui.theme === 'dark' ? 'light' : 'dark') },
  language: { icon: 'globe', run: () => store().ui.setLanguage(store().ui.language === 'en' ? 'ko' : 'en') },

  quickAdd: { icon: 'plus', keys: 'Shift+A', run: openQuickAdd },
  connect: {
    icon: 'link',
    keys: 'W',
    enabled: (s) => s.view.selection.length === 1,
    run: () => store().view.openDialog('connect'),
  },
  arrange: { icon: 'arrange', keys: 'Ctrl+Shift+L', enabled: anything, run: () => void arrange() },
  arrangeSelection: {
    keys: 'Alt+L',
    enabled: (s) => s.view.selection.length > 1,
    run: () => void arrange(store().view.selection),
  },
  data: { icon: 'table', keys: 'Alt+D', inFields: true, run: () => store().view.openDialog('data') },
  train: {
    icon: 'play',
    keys: 'Ctrl+Enter',
    inFields: true,
    enabled: anything,
    run: () => store().run.train(),
  },
  stop: {
    icon: 'stop',
    keys: 'Ctrl+Alt+Enter',
    inFields: true,
    anywhere: true,
    enabled: (s) => running(s) !== undefined,
    run: () => {
      const run = running(store())
      if (run) void store().run.stop(run.runId)
    },
  },
  pause: {
    icon: 'pause',
    keys: 'Ctrl+Shift+Enter',
    inFields: true,
    anywhere: true,
    enabled: (s) => running(s) !== undefined,
    run: pauseOrContinue,
  },
  training: { icon: 'chart', run: () => store().ui.show('training') },

  makeBlock: { icon: 'cat-block', keys: 'Ctrl+G', enabled: some, run: makeBlock },
  dissolveBlocks: { keys: 'Ctrl+Shift+G', enabled: blocks, run: dissolveBlocks },
  enterBlock: {
    icon: 'right',
    keys: 'Ctrl+Shift+E',
    enabled: oneBlock,
    run: () => enterBlock(selectedBlocks()[0] ?? null),
  },
  leaveBlock: { icon: 'up', enabled: (s) => s.view.scope !== null, run: leaveBlock },
  repeatBlock: { enabled: oneBlock, run: () => store().view.openDialog('repeat') },
  bypass: { icon: 'bypass', keys: 'Ctrl+B', enabled: some, run: toggleBypass },
  collapse: { keys: 'Alt+C', enabled: some, run: toggleCollapse },
  openAll: { enabled: anyBlock, run: openAll },
  closeAll: { enabled: (s) => s.view.opened.length > 0, run: closeAll },
  saveBlock: { icon: 'pin', enabled: oneBlock, run: () => void saveBlock() },
  comment: { icon: 'comment', keys: 'C', run: addComment },

  exportSvg: { icon: 'export', enabled: anything, run: () => void exportDrawing('svg') },
  exportPng: { enabled: anything, run: () => void exportDrawing('png') },

  settings: {
    icon: 'settings',
    keys: 'Ctrl+,',
    inFields: true,
    run: () => store().view.openDialog('settings'),
  },
  commands: {
    icon: 'search',
    keys: 'Ctrl+Shift+P',
    inFields: true,
    run: () => store().view.openDialog('commands'),
  },
  keys: { icon: 'key', keys: 'Shift+?', run: () => store().view.openDialog('keys') },
  about: { icon: 'info', run: () => store().view.openDialog('about') },
} as const satisfies Record<string, Action>

export type ActionName = keyof typeof actions
export const actionNames = Object.keys(actions) as ActionName[]
/** An action with its optional parts, whatever they are. */
export const actionOf = (name: ActionName): Action => actions[name]

/** Escape: lets go of what is under way, then of what is selected, then of the block that is shown. */
function leave(): void {
  const { view } = store()
  if (view.arranging) stopArranging()
  else if (view.refusal) view.refuse(null)
  else if (view.selection.length > 0 || view.selectedWires.length > 0) view.select([])
  else leaveBlock()
}

/** At the pointer; behind what is selected, where something is, so that one layer after the other needs no pointer. */
function openQuickAdd(): void {
  const { document, view } = store()
  const behind = behindSelection()
  const screen = behind ? stage.toScreen(behind.at) : stage.pointer()
  const from = behind && exitOf(document.document, behind.item.id)
  view.openQuickAdd({
    screen,
    canvas: behind?.at ?? stage.toCanvas(screen),
    ...(behind && { behind: true }),
    ...(from && { from: { layer: from, port: OUTPUT_PORT } }),
  })
}

export const menus: readonly { readonly id: string; readonly items: readonly (ActionName | 'line')[] }[] = [
  {
    id: 'file',
    items: [
      'newFile',
      'open',
      'gallery',
      'line',
      'save',
      'saveAs',
      'line',
      'importModel',
      'weights',
      'exportSvg',
      'exportPng',
      'line',
      'settings',
    ],
  },
  {
    id: 'edit',
    items: [
      'undo',
      'redo',
      'line',
      'cut',
      'copy',
      'paste',
      'pasteWired',
      'duplicate',
      'line',
      'remove',
      'removeReconnect',
      'line',
      'selectAll',
      'selectUpstream',
      'selectDownstream',
      'line',
      'find',
    ],
  },
  {
    id: 'view',
    items: [
      'fit',
      'zoomIn',
      'zoomOut',
      'zoomReset',
      'line',
      'minimap',
      'drawer',
      'problems',
      'line',
      'theme',
      'language',
    ],
  },
  {
    id: 'network',
    items: [
      'quickAdd',
      'connect',
      'line',
      'arrange',
      'arrangeSelection',
      'line',
      'data',
      'train',
      'pause',
      'stop',
      'training',
    ],
  },
  {
    id: 'block',
    items: [
      'makeBlock',
      'dissolveBlocks',
      'line',
      'enterBlock',
      'leaveBlock',
      'collapse',
      'openAll',
      'closeAll',
      'line',
      'repeatBlock',
      'bypass',
      'saveBlock',
      'line',
      'comment',
    ],
  },
  { id: 'help', items: ['commands', 'keys', 'line', 'about'] },
]

/** The menu over the canvas. */
export const canvasActions: readonly (ActionName | 'line')[] = [
  'quickAdd',
  'connect',
  'line',
  'cut',
  'copy',
  'paste',
  'pasteWired',
  'duplicate',
  'line',
  'makeBlock',
  'enterBlock',
  'bypass',
  'collapse',
  'comment',
  'line',
  'selectUpstream',
  'selectDownstream',
  'arrangeSelection',
  'line',
  'removeReconnect',
  'remove',
]
