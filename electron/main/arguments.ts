import { resolve } from 'node:path'

/** What stands behind the program's name; in development Electron is told the app's folder first. */
export const argumentsOf = (argv: readonly string[], packaged: boolean): readonly string[] =>
  argv.slice(packaged ? 1 : 2)

/** Switches that ask the command line, not the window. */
const asking = new Set(['--help', '-h', '--version', '-V'])

/** True where the arguments are a command of the command line (`layerloom train ...`), not files or switches. */
export const isCommand = ([first = '']: readonly string[]): boolean =>
  /^[a-z]+$/.test(first) || asking.has(first)

/** Network documents among the arguments, as whole paths: what the system passes when a person opens one. */
export const documentsOf = (args: readonly string[], folder: string): string[] =>
  args
    .filter((argument) => /\.layerloom$/i.test(argument) && !argument.startsWith('-'))
    .map((argument) => resolve(folder, argument))
