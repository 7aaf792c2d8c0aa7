import { once } from 'node:events'
import type { Command } from 'commander'
import type { SpawnTrainer } from '../../host/trainer-process.ts'
import { serve } from '../../loopback/index.ts'
import { port as portNumber } from '../options.ts'
import { note, printLines } from '../output.ts'

interface Options {
  readonly port: number
  readonly host: string
  readonly open?: boolean
}

/** `serve`: the app in a browser, until Ctrl-C. `spawn` starts trainers where Node's own way is barred. */
export function addServe(program: Command, spawn?: SpawnTrainer): void {
  program
    .command('serve')
    .description('serve the app to a browser; prints the address with its token')
    .option('--port <n>', 'port to listen on; 0 takes any free one', portNumber, 0)
    .option('--host <address>', '0.0.0.0 lets the network in', '127.0.0.1')
    .option('--open', 'open the address in the browser')
    .action(async ({ port, host, open }: Options) => {
      const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
      const { url, close } = await serve({
        port,
        host,
        open: open ?? false,
        ...(spawn === undefined ? {} : { spawn }),
      })
      printLines([url])
      await stopped
      note('closing: runs save a checkpoint first...')
      await close()
    })
}
