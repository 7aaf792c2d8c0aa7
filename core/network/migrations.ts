import { FORMAT_VERSION } from './schema.ts'

type Raw = Record<string, unknown>
/** `steps[v]` takes a whole document of version v to version v + 1; it may rely on version v's schema alone. */
export type Migrations = Readonly<Record<number, (document: Raw) => Raw>>

/** One step a version that was ever released. */
export const migrations: Migrations = {}

/**
 * Takes a document of version `from` up to `to`, one step at a time, and writes the version reached into it.
 * @throws RangeError when a step is missing, which is a mistake in this program, not in the file
 */
export function migrate(document: Raw, from: number, to = FORMAT_VERSION, steps = migrations): Raw {
  let current = document
  for (let version = from; version < to; version++) {
    const step = steps[version]
    if (!step) throw new RangeError(`no migration from document format ${version} to ${version + 1}`)
    current = { ...step(current), version: version + 1 }
  }
  return current
}
