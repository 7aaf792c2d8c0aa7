import type { Command } from 'commander'
import { type FilePrediction, predictFiles } from '../../trainer/jobs/predict.ts'
import { percent, printJson, printLines } from '../output.ts'
import { table } from '../table.ts'

/** `predict RUN FILE...`: what a trained network says of some images. */
export function addPredict(program: Command): void {
  program
    .command('predict')
    .description('classify images with a trained run')
    .argument('<run>', "a run's folder")
    .argument('<file...>', 'images, or .npy arrays of float32 [N,C,H,W] taken as they are')
    .option('--logits', 'with the logits')
    .option('--json', 'print JSON')
    .action(async (dir: string, files: string[], { logits, json }: { logits?: boolean; json?: boolean }) => {
      const predictions = await predictFiles(dir, files)
      if (json) {
        printJson(
          predictions.map(({ logits: values, ...rest }) => (logits ? { ...rest, logits: values } : rest)),
        )
      } else {
        printLines(toText(predictions))
      }
    })
}

const toText = (predictions: readonly FilePrediction[]): string[] =>
  table(
    [
      { title: 'file', cell: (row) => row.file },
      { title: 'class', cell: (row) => row.class },
      { title: 'probability', align: 'right', cell: (row) => percent(row.probability) },
    ],
    predictions,
  )
