import { Command, CommanderError } from 'commander'
import type { SpawnTrainer } from '../host/trainer-process.ts'
import { version } from '../host/version.ts'
import { addData } from './commands/data.ts'
import { addEngines } from './commands/engines.ts'
import { addEvaluate } from './commands/evaluate.ts'
import { addExport } from './commands/export.ts'
import { addImport } from './commands/import.ts'
import { addLoad } from './commands/load.ts'
import { addPredict } from './commands/predict.ts'
import { addPresets } from './commands/presets.ts'
import { addServe } from './commands/serve.ts'
import { addSummary } from './commands/summary.ts'
import { addTrain } from './commands/train.ts'
import { UsageError } from './usage-error.ts'

/** Exit status: the work was done, it failed, or the command was called wrongly. */
const DONE = 0
const FAILED = 1
const WRONG_USAGE = 2

/** Where the command line runs inside the desktop app. */
export interface Shell {
  /** Starts trainer processes; by default as children of Node. */
  readonly spawn?: SpawnTrainer
}

function createProgram({ spawn }: Shell): Command {
  const program = new Command('layerloom')
    .description('Design, train and understand convolutional networks on your own machine')
    .version(version)
  for (const add of [
    addPresets,
    addSummary,
    addTrain,
    addEvaluate,
    addPredict,
    addLoad,
    addImport,
    addExport,
    addData,
    addEngines,
    (program: Command) => addServe(program, spawn),
  ]) {
    add(program)
  }
  for (const command of [program, ...program.commands]) {
    command
      .option('--debug', 'show where an error comes from')
      .exitOverride()
      // errors are printed in one place, below
      .configureOutput({ outputError: () => {} })
  }
  return program
}

/**
 * Runs one command. Gives the exit status; an error is one line on standard error.
 * @param args what stands behind the program's name
 * @param shell what the program that runs it does in its own way
 */
export async function main(args: readonly string[], shell: Shell = {}): Promise<number> {
  try {
    await createProgram(shell).parseAsync(args, { from: 'user' })
    return DONE
  } catch (error) {
    // help and version, which commander ends by throwing
    if (error instanceof CommanderError && error.exitCode === 0) return DONE
    process.stderr.write(`error: ${messageOf(error)}\n`)
    if (args.includes('--debug') && error instanceof Error) process.stderr.write(`${error.stack}\n`)
    return error instanceof CommanderError || error instanceof UsageError ? WRONG_USAGE : FAILED
  }
}

function messageOf(error: unknown): string {
  const message = (error instanceof Error ? error.message : String(error)).trim().replace(/\s*\n\s*/g, ' ')
  if (!(error instanceof CommanderError)) return message
  if (error.code === 'commander.help') return 'no command is given: choose one of those above'
  const plain = message.replace(/^error: /, '').replace(/ is invalid\. /, ' is not valid: ')
  return plain.includes(': ') ? plain : `${plain}: see layerloom --help`
}
