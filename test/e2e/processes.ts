import { execFileSync } from 'node:child_process'

/** The trainers that a host started, by their process ids. */
export const trainersOf = (host: number): number[] =>
  execFileSync('ps', ['-eo', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    // what has ended holds no memory, though its parent may not have asked after it yet
    .filter(
      ([, parent, state, ...args]) => Number(parent) === host && !state?.startsWith('Z') && isTrainer(args),
    )
    .map(([pid]) => Number(pid))

const isTrainer = (args: readonly string[]): boolean =>
  args.some((arg) => /[\\/]out[\\/]main[\\/]trainer\.js$/.test(arg))
