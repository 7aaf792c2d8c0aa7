/** Signals come twice when both a terminal and npm pass Ctrl-C on; a second one within that time is the same one. */
const SAME_MS = 1_000

/**
 * A signal that Ctrl-C (SIGINT), SIGTERM and a reader that went away set. A second Ctrl-C ends the process at once.
 * `release` takes the listeners away again.
 */
export function stopOnInterrupt(onStop: () => void): {
  readonly signal: { aborted: boolean }
  release(): void
} {
  const signal = { aborted: false }
  let first = 0
  const stop = () => {
    if (!signal.aborted) {
      signal.aborted = true
      first = performance.now()
      onStop()
    } else if (performance.now() - first > SAME_MS) {
      process.exit(130)
    }
  }
  const quietly = (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    signal.aborted = true
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  process.stdout.on('error', quietly)
  return {
    signal,
    release() {
      process.off('SIGINT', stop)
      process.off('SIGTERM', stop)
      process.stdout.off('error', quietly)
    },
  }
}
