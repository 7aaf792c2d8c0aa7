import type { Command } from 'commander'
import type { SkippedFile } from '../../../core/data/dataset.ts'
import { describeSource } from '../../trainer/jobs/describe.ts'
import { note, printJson, printLines } from '../output.ts'
import { grouped, table } from '../table.ts'

const figures = (values: readonly number[]): string => values.map((value) => value.toFixed(4)).join(', ')

const inEnglish = ({ file, reason }: SkippedFile) => ({ file, reason })

/** `data SOURCE`: what a data set holds. */
export function addData(program: Command): void {
  program
    .command('data')
    .description('show what a data set holds')
    .argument('<source>', 'e.g. digits, mnist:DIR or folder:PATH')
    .option('--json', 'print JSON')
    .action(async (source: string, { json }: { json?: boolean }) => {
      const summary = await describeSource(source)
      for (const { file, reason } of summary.skipped ?? []) note(`warning: ${file} is left out: ${reason}`)
      if (json)
        return printJson({ ...summary, ...(summary.skipped && { skipped: summary.skipped.map(inEnglish) }) })
      const { count, classes, perClass, shape, mean, std } = summary
      printLines([
        `${source}: ${grouped(count)} samples of ${shape.join('x')}, ${classes.length} classes`,
        `mean ${figures(mean)}, standard deviation ${figures(std)} (of pixels scaled to 0..1, a channel)`,
        '',
        ...table(
          [
            { title: 'class', cell: (row) => row.name },
            { title: 'samples', align: 'right', cell: (row) => grouped(row.samples) },
          ],
          classes.map((name, i) => ({ name, samples: perClass[i]! })),
        ),
      ])
    })
}
