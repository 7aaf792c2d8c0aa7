import { app } from 'electron'
import { spawnUtility } from './trainers.ts'

/**
 * Runs a command of the command line instead of the app, without a window, and ends the process with its exit status.
 * The code is the one that Node runs; it is loaded only here, so that the window does not wait for it.
 */
export async function runCommand(args: readonly string[]): Promise<void> {
  const { main } = await import('../cli/program.ts')
  const status = await main(args, { spawn: spawnUtility })
  app.exit(status)
}
