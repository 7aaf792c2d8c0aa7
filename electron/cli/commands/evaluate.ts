import { setImmediate } from 'node:timers/promises'
import type { Command } from 'commander'
import type { Evaluation } from '../../../core/training/evaluate.ts'
import { evaluateRun } from '../../trainer/jobs/evaluate.ts'
import { idList } from '../options.ts'
import { percent, printJson, printLines } from '../output.ts'
import { absoluteSource } from '../source.ts'
import { grouped, table } from '../table.ts'

interface Options {
  readonly data: string
  readonly bypass?: string[]
  readonly json?: boolean
}

/** `evaluate RUN`: loss, accuracy and confusion on data it was not trained on. */
export function addEvaluate(program: Command): void {
  program
    .command('evaluate')
    .description('score a trained run')
    .argument('<run>', "a run's folder")
    .requiredOption(
      '--data <source>',
      'its test part is scored; the part held back, where the run was trained on it; else all of it',
    )
    .option('--bypass <ids>', 'layers or blocks to leave out, by id or name', idList)
    .option('--json', 'print JSON')
    .action(async (dir: string, { data, bypass = [], json }: Options) => {
      const { evaluation, classes } = await evaluateRun(dir, absoluteSource(data), bypass, () =>
        setImmediate(),
      )
      if (json) printJson(evaluation)
      else printLines(toText(evaluation, classes))
    })
}

function toText(
  { loss, accuracy, top5, count, confusion }: Evaluation,
  classes: readonly string[],
): string[] {
  return [
    `${grouped(count)} samples: loss ${loss.toFixed(4)}, accuracy ${percent(accuracy)}, top-5 ${percent(top5)}`,
    '',
    'true class by row, predicted class by column:',
    ...table(
      [
        { title: '', cell: (row: number) => classes[row]! },
        ...classes.map((title, column) => ({
          title,
          align: 'right' as const,
          cell: (row: number) => String(confusion[row]![column]),
        })),
      ],
      classes.map((_, row) => row),
    ),
  ]
}
