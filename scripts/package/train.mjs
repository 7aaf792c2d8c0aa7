import { setTimeout } from 'node:timers/promises'
import { presets } from '../../presets/index.ts'
import { launchApp } from '../../test/double/launch.ts'

/** A tenth is kept for validation; the rest makes ten steps of 64, the last one not full. */
const samples = 700
const patience = 120_000

/**
 * Starts the app whose `out/` lies in `files` on the electron double (its main process, preload, window and trainer as
 * they are), has it train LeNet-5 for ten steps, and returns one line that tells how. Throws when it does not.
 */
export async function trainTenSteps(files) {
  const app = await launchApp({ files })
  try {
    const call = async (method, request) => {
      const result = await app.page.evaluate(
        ([name, payload]) => window.layerloom.call(name, payload),
        [method, request],
      )
      if (!result.ok) throw new Error(`${method}: ${result.message}`)
      return result.value
    }
    const document = presets.find(({ id }) => id === 'lenet5-modern').build()
    const config = { data: 'digits', limit: samples, epochs: 1, batch: 64, engine: 'cpu', seed: 1 }
    const { runId } = await call('run.start', { document, config })
    const end = Date.now() + patience
    for (;;) {
      const { summary, events } = await call('run.open', { runId })
      if (summary.state === 'completed') {
        const steps = events.filter(({ type }) => type === 'step')
        const loss = steps.map((each) => each.loss.toFixed(3))
        if (steps.at(-1)?.step !== 10)
          throw new Error(`the packaged app took ${steps.at(-1)?.step} steps, expected 10`)
        return `ten steps of lenet5-modern, loss ${loss[0]} to ${loss.at(-1)}`
      }
      if (summary.state !== 'running')
        throw new Error(`the packaged app's run ended as ${summary.state}: ${summary.reason}`)
      if (Date.now() > end) throw new Error('the packaged app did not train ten steps in two minutes')
      await setTimeout(200)
    }
  } finally {
    await app.close()
  }
}
