import type { Command } from 'commander'
import { analyze } from '../../../core/analysis/analyze.ts'
import { presets } from '../../../presets/index.ts'
import { printJson, printLines } from '../output.ts'
import { grouped, table } from '../table.ts'

/** `presets`: the documented models. */
export function addPresets(program: Command): void {
  program
    .command('presets')
    .description('list the documented models')
    .option('--json', 'print JSON')
    .action(({ json }: { json?: boolean }) => {
      const rows = presets.map((preset) => {
        const { input, totals } = analyze(preset.build())
        return {
          id: preset.id,
          title: preset.title.en,
          year: preset.year,
          paper: preset.paper.citation,
          input,
          trainable: totals.trainable,
          nonTrainable: totals.nonTrainable,
        }
      })
      if (json) return printJson(rows)
      printLines(
        table(
          [
            { title: 'id', cell: (row) => row.id },
            { title: 'year', cell: (row) => String(row.year) },
            { title: 'input', cell: (row) => row.input?.join('x') ?? '-' },
            { title: 'trainable', align: 'right', cell: (row) => grouped(row.trainable) },
            { title: 'title', cell: (row) => row.title },
          ],
          rows,
        ),
      )
    })
}
