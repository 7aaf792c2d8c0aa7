import { spawn } from 'node:child_process'

/** Opens an address in the person's browser; nothing happens on a machine without one. */
export function openBrowser(url: string): void {
  const [program, args] = opener(url)
  const child = spawn(program, args, { stdio: 'ignore', detached: true })
  // the address is printed in any case
  child.on('error', () => undefined)
  child.unref()
}

function opener(url: string): [string, string[]] {
  if (process.platform === 'darwin') return ['open', [url]]
  // not `start`, which is a part of the shell and would read the & of an address as its own
  if (process.platform === 'win32') return ['rundll32', ['url.dll,FileProtocolHandler', url]]
  return ['xdg-open', [url]]
}
