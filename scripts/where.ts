export interface Machine {
  readonly platform: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly isRoot: boolean
}

/** Why the app can't open in Electron on a machine, as the end of a sentence; null when nothing speaks against it. */
export function whyNotElectron({ platform, env, isRoot }: Machine): string | null {
  if (platform !== 'linux') return null
  if (!env.DISPLAY && !env.WAYLAND_DISPLAY) return 'this machine has no display'
  // Chromium refuses to, and without its sandbox a hole in it would be a hole in the whole machine
  if (isRoot) return 'Electron does not run as root with its sandbox on'
  return null
}

/** The line that says where the app is when it is not in Electron. */
export const browserLine = (why: string, url: string): string =>
  `Layerloom runs in your browser, because ${why}: ${url}`
