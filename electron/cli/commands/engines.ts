import type { Command } from 'commander'
import { engines } from '../../trainer/jobs/engines.ts'
import { printJson, printLines } from '../output.ts'
import { deviceOf } from '../progress.ts'
import { grouped, table } from '../table.ts'

/** `engines`: what can train on this machine. */
export function addEngines(program: Command): void {
  program
    .command('engines')
    .description('list what can train on this machine')
    .option('--probe', 'check the answers of each and measure its speed')
    .option('--json', 'print JSON')
    .action(async ({ probe, json }: { probe?: boolean; json?: boolean }) => {
      const list = await engines(probe ?? false)
      if (json) return printJson(list)
      printLines(
        table(
          [
            { title: 'id', cell: (row) => row.id },
            { title: 'device', cell: (row) => deviceOf(row) },
            { title: 'usable', cell: (row) => (row.available ? 'yes' : 'no') },
            { title: 'checked', cell: (row) => (row.verified ? 'yes' : 'no') },
            {
              title: 'images/s',
              align: 'right',
              cell: (row) => (row.imagesPerSecond === null ? '-' : grouped(Math.round(row.imagesPerSecond))),
            },
            { title: 'reason', cell: (row) => row.reason },
          ],
          list,
        ),
      )
    })
}
