import { basename } from 'node:path'
import { type BrowserWindow, dialog, type FileFilter } from 'electron'
import type { DataFileKind } from '../../core/protocol/contract.ts'
import type { Dialogs } from '../host/handlers.ts'
import type { ShellText } from './text.ts'

/** The system's dialogs, as sheets of the app's window. `window` gives it, or null while there is none. */
export function systemDialogs(text: ShellText, window: () => BrowserWindow | null): Dialogs {
  const networks: FileFilter[] = [
    { name: text.networkFiles, extensions: ['layerloom'] },
    { name: text.allFiles, extensions: ['*'] },
  ]
  const files = (name: string, ...extensions: string[]): FileFilter[] => [
    { name, extensions },
    { name: text.allFiles, extensions: ['*'] },
  ]
  const data: Readonly<Record<DataFileKind, FileFilter[]>> = {
    csv: files(text.tables, 'csv', 'gz'),
    npz: files(text.arrays, 'npz'),
    archive: files(text.archives, 'zip', 'tar', 'gz', 'tgz'),
  }
  const open = async (options: Electron.OpenDialogOptions): Promise<string | null> => {
    const parent = window()
    const { canceled, filePaths } = await (parent
      ? dialog.showOpenDialog(parent, options)
      : dialog.showOpenDialog(options))
    return canceled ? null : (filePaths[0] ?? null)
  }
  const save = async (name: string, filters: FileFilter[]): Promise<string | null> => {
    // a name is a suggestion for the file's name, never a place on the disk
    const options = { defaultPath: basename(name.replaceAll('\\', '/')) || 'Layerloom', filters }
    const parent = window()
    const { canceled, filePath } = await (parent
      ? dialog.showSaveDialog(parent, options)
      : dialog.showSaveDialog(options))
    return canceled || filePath === '' ? null : filePath
  }
  return {
    openDocument: () => open({ filters: networks, properties: ['openFile'] }),
    saveDocument: (name) => save(withExtension(name), networks),
    chooseFolder: () => open({ title: text.chooseFolder, properties: ['openDirectory'] }),
    chooseFile: (kind) => open({ filters: data[kind], properties: ['openFile'] }),
    saveFile: (name) => save(name, []),
  }
}

const withExtension = (name: string): string => (name.endsWith('.layerloom') ? name : `${name}.layerloom`)
