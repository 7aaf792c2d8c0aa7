import { Menu, type MenuItemConstructorOptions } from 'electron'
import type { ShellText } from './text.ts'

type Item = MenuItemConstructorOptions

/**
 * Builds the application menu. Its commands go to the window as `menu.command`; the ids are the names of the
 * window's actions (renderer/app/actions.ts), and `stop`.
 */
export function buildMenu(text: ShellText, command: (id: string) => void): Menu {
  // shown, not registered: the window handles its keys itself, by keyboard layout and with respect for input methods
  const item = (id: string, label: string, accelerator?: string): Item => ({
    label,
    click: () => command(id),
    ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false }),
  })
  const separator: Item = { type: 'separator' }
  const mac = process.platform === 'darwin'
  const menus: Item[] = [
    ...(mac ? [{ role: 'appMenu' } satisfies Item] : []),
    {
      label: text.file,
      submenu: [
        item('newFile', text.newNetwork),
        item('open', text.open, 'CmdOrCtrl+O'),
        separator,
        item('save', text.save, 'CmdOrCtrl+S'),
        item('saveAs', text.saveAs, 'CmdOrCtrl+Shift+S'),
        separator,
        item('importModel', text.importModel),
        item('weights', text.weights),
        ...(mac ? [] : [separator, { role: 'quit', label: text.quit } satisfies Item]),
      ],
    },
    {
      label: text.edit,
      submenu: [
        item('undo', text.undo, 'CmdOrCtrl+Z'),
        item('redo', text.redo, 'CmdOrCtrl+Shift+Z'),
        separator,
        { role: 'cut', label: text.cut },
        { role: 'copy', label: text.copy },
        { role: 'paste', label: text.paste },
        { role: 'selectAll', label: text.selectAll },
      ],
    },
    {
      label: text.view,
      submenu: [
        item('gallery', text.gallery),
        separator,
        { role: 'zoomIn', label: text.zoomIn },
        { role: 'zoomOut', label: text.zoomOut },
        { role: 'resetZoom', label: text.actualSize },
        separator,
        { role: 'togglefullscreen', label: text.fullScreen },
        { role: 'toggleDevTools', label: text.developerTools },
      ],
    },
    {
      label: text.run,
      submenu: [item('train', text.train, 'CmdOrCtrl+Enter'), item('stop', text.stop, 'CmdOrCtrl+Alt+Enter')],
    },
  ]
  return Menu.buildFromTemplate(menus)
}
