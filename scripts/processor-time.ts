import { readdirSync, readFileSync } from 'node:fs'

interface Ticks {
  /** Of all processors together. */
  readonly all: number
  readonly busy: number
  /** Of this process and those it started. */
  readonly own: number
}

/** Processor time so far, by Linux's own count; null on systems that don't tell it this way. */
function ticksNow(): Ticks | null {
  try {
    const [user, nice, system, idle, iowait, irq, softirq, steal] = readFileSync('/proc/stat', 'latin1')
      .split('\n', 1)[0]!
      .split(/\s+/)
      .slice(1)
      .map(Number) as [number, number, number, number, number, number, number, number]
    // a host that takes a processor away disturbs like any other
    const busy = user + nice + system + irq + softirq + steal
    const processes = new Map(readdirSync('/proc').flatMap((pid) => processOf(pid)))
    const isOwn = (pid: number): boolean =>
      pid === process.pid || (processes.has(pid) && isOwn(processes.get(pid)!.parent))
    const own = [...processes].filter(([pid]) => isOwn(pid))
    return { all: busy + idle + iowait, busy, own: own.reduce((sum, [, { ticks }]) => sum + ticks, 0) }
  } catch {
    return null
  }
}

function processOf(pid: string): [number, { parent: number; ticks: number }][] {
  if (!/^\d+$/.test(pid)) return []
  try {
    // the name, in brackets, may hold anything
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)!.split(' ').map(Number)
    return [[Number(pid), { parent: fields[1]!, ticks: fields[11]! + fields[12]! }]]
  } catch {
    // it ended meanwhile
    return []
  }
}

/** Counts what other processes take of the machine while something is measured. */
export class OthersTime {
  #before = ticksNow()
  #all = 0
  #others = 0

  /** To be called every second or so; what happened since the last call is left out where a process of ours has ended. */
  look(): void {
    const now = ticksNow()
    const before = this.#before
    this.#before = now
    if (!now || !before || now.own < before.own) return
    this.#all += now.all - before.all
    this.#others += Math.max(0, now.busy - before.busy - (now.own - before.own))
  }

  /** Share of all processors that others took, 0 to 1; 0 where that is not known. */
  get share(): number {
    return this.#all > 0 ? this.#others / this.#all : 0
  }
}
