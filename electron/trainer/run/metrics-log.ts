import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs'
import { type TrainEvent, trainEvent } from '../../../core/protocol/events.ts'
import type { Progress } from '../../../core/training/progress.ts'
import { writeAtomically } from './atomic.ts'
import { diskError } from './disk-error.ts'

/** Events wait in memory for that long at most, so that a fast run does not write to the disk at every step. */
const FLUSH_MS = 250

export interface MetricsLog {
  append(event: TrainEvent): void
  /** Hands everything to the file system. Throws a TrainingError (`disk`) when it can't. */
  flush(): void
  close(): void
}

/** Appends events to `metrics.jsonl`, one JSON object a line, whole lines at a time. */
export function openMetrics(path: string, now: () => number): MetricsLog {
  const file = openSync(path, 'a')
  let waiting: string[] = []
  let flushed = now()
  const flush = () => {
    if (waiting.length === 0) return
    const bytes = Buffer.from(waiting.join(''))
    waiting = []
    flushed = now()
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
    } catch (error) {
      throw diskError(path, error)
    }
  }
  return {
    append(event) {
      waiting.push(`${JSON.stringify(event)}\n`)
      if (now() - flushed >= FLUSH_MS) flush()
    },
    flush,
    close: () => closeSync(file),
  }
}

/** How lines begin that are no milestones: the log is written by `append` alone, which keeps the order of keys. */
const DETAILS = ['{"type":"step"', '{"type":"layers"']

/**
 * Events of a run, oldest first; empty when there are none yet. A last line cut off by a crash is left out.
 * `milestones` leaves out the steps and what layers looked like, which are nearly all of it, without parsing them.
 */
export function readMetrics(path: string, which: 'all' | 'milestones' = 'all'): TrainEvent[] {
  if (!existsSync(path)) return []
  const events: TrainEvent[] = []
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (which === 'milestones' && DETAILS.some((start) => line.startsWith(start))) continue
    const event = parseLine(line)
    if (event) events.push(event)
  }
  return events
}

function parseLine(line: string): TrainEvent | null {
  if (line === '') return null
  try {
    const parsed = trainEvent.safeParse(JSON.parse(line))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

/**
 * Takes the log back to a checkpoint: what came after it will be told again by the resumed run. Without a checkpoint
 * nothing is left.
 */
export function cutMetrics(path: string, progress: Progress | null): void {
  const kept = progress ? readMetrics(path).filter((event) => stands(event, progress)) : []
  writeAtomically(path, kept.map((event) => `${JSON.stringify(event)}\n`).join(''))
}

function stands(event: TrainEvent, progress: Progress): boolean {
  switch (event.type) {
    case 'started':
    case 'step':
    case 'layers':
    case 'checkpoint':
      return event.step <= progress.step
    case 'epoch':
      return event.epoch <= progress.epoch
    // whoever resumes a run need not know that it once waited
    case 'paused':
    case 'resumed':
    case 'finished':
    case 'failed':
      return false
  }
}
