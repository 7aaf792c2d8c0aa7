/** Prints one JSON value on standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}

export function printLines(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`)
}

/** Progress and warnings: never on standard output, which belongs to the result. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`)
}

export const percent = (share: number): string => `${(100 * share).toFixed(2)}%`
