import { describe, expect, it, vi } from 'vitest'
import type { RunMessage, TrainEvent } from '../../core/protocol/events.ts'
import type { FromTrainer, ToTrainer } from '../trainer/protocol.ts'
import { stoppedAt } from '../trainer/run/summary.ts'
import { Supervisor } from './supervisor.ts'
import type { TrainerProcess } from './trainer-process.ts'

/** A trainer process played by the test. */
function puppet() {
  let hear: (message: FromTrainer) => void = () => {}
  let exit: (how: string) => void = () => {}
  const told: ToTrainer[] = []
  const ports: unknown[] = []
  const process: TrainerProcess = {
    pid: 1,
    post: (message, handed = []) => {
      told.push(message)
      ports.push(...handed)
    },
    onMessage: (listener) => {
      hear = listener
    },
    onExit: (listener) => {
      exit = listener
    },
    kill: () => exit('signal SIGKILL'),
  }
  return {
    process,
    told,
    ports,
    say: (message: FromTrainer) => hear(message),
    exit: (how: string) => exit(how),
  }
}

const finished: TrainEvent = { type: 'finished', reason: 'completed', epoch: 1, step: 1, valAccuracy: null }
const event = (seq: number, what: TrainEvent): FromTrainer => ({
  type: 'events',
  messages: [{ runId: 'r', seq, event: what }],
})
const run = { runId: 'r', runDir: '/nowhere', resume: false }

function supervise(trainer: ReturnType<typeof puppet>, directPort?: () => unknown) {
  const recorded: TrainEvent[] = []
  const supervisor = new Supervisor({
    spawn: () => trainer.process,
    record: (_, what) => recorded.push(what),
    stopped: () => stoppedAt([]),
    onChange: () => {},
    ...(directPort === undefined ? {} : { directPort }),
  })
  return { supervisor, recorded }
}

describe('Supervisor', () => {
  it('gives the job, with the port to the window, only to a trainer that is ready', async () => {
    const trainer = puppet()
    const { supervisor } = supervise(trainer, () => 'port')
    await supervisor.train(run)
    expect(trainer.told).toEqual([])
    trainer.say({ type: 'ready' })
    expect(trainer.told).toEqual([{ type: 'job', job: { kind: 'train', ...run } }])
    expect(trainer.ports).toEqual(['port'])
  })

  it('tells a trainer that a run is to wait, and one that is not ready when it is', async () => {
    const trainer = puppet()
    const { supervisor } = supervise(trainer)
    supervisor.pause('r', true)
    await supervisor.train(run)
    supervisor.pause('r', true)
    expect(trainer.told).toEqual([])
    trainer.say({ type: 'ready' })
    expect(trainer.told.map(({ type }) => type)).toEqual(['job', 'pause'])
    supervisor.pause('r', false)
    trainer.say(event(0, finished))
    supervisor.pause('r', true)
    expect(trainer.told.map(({ type }) => type)).toEqual(['job', 'pause', 'continue'])
  })

  it('takes an end for a crash only when no last message comes after it', async () => {
    const trainer = puppet()
    const { supervisor, recorded } = supervise(trainer)
    await supervisor.train(run)
    trainer.exit('exit code 0')
    trainer.say(event(0, finished))
    await supervisor.close()
    const heard: RunMessage[] = []
    supervisor.watch('r', 0, (messages) => heard.push(...messages))
    expect(heard.map((message) => message.event)).toEqual([finished])
    expect(recorded).toEqual([])
  })

  it('ends a run with what the trainer says went wrong outside of training', async () => {
    const trainer = puppet()
    const { supervisor, recorded } = supervise(trainer)
    await supervisor.train(run)
    trainer.say({ type: 'error', code: 'bad-network', message: 'the network has no input' })
    expect(recorded).toEqual([{ type: 'failed', code: 'bad-network', message: 'the network has no input' }])
    expect(supervisor.isRunning('r')).toBe(false)
  })

  it('says of a process that died how, in both languages, and passes on what a trainer says in them', async () => {
    const trainer = puppet()
    const { supervisor, recorded } = supervise(trainer)
    await supervisor.train(run)
    trainer.say({ type: 'ready' })
    trainer.exit('signal SIGKILL')
    await supervisor.close()
    expect(recorded).toMatchObject([
      {
        code: 'crashed',
        message: expect.stringContaining('SIGKILL'),
        text: { ko: expect.stringMatching(/SIGKILL.*체크포인트/) },
      },
    ])
    const other = puppet()
    const second = supervise(other)
    await second.supervisor.train(run)
    const text = { en: 'no room', ko: '공간 없음' }
    other.say({ type: 'error', code: 'disk', message: 'no room', text })
    expect(second.recorded).toEqual([{ type: 'failed', code: 'disk', message: 'no room', text }])
  })

  it('starts a run again only after its process is gone, and forgets what that one told', async () => {
    const [first, second] = [puppet(), puppet()]
    const trainers = [first, second]
    const supervisor = new Supervisor({
      spawn: () => (trainers.shift() ?? second).process,
      record: () => {},
      stopped: () => stoppedAt([]),
      onChange: () => {},
    })
    await supervisor.train(run)
    await expect(supervisor.train(run)).rejects.toMatchObject({ code: 'busy' })
    first.say(event(0, finished))
    const again = supervisor.train({ ...run, resume: true })
    await Promise.resolve()
    expect(trainers).toHaveLength(1)
    first.exit('exit code 0')
    await again
    expect(trainers).toHaveLength(0)
    const heard: RunMessage[] = []
    supervisor.watch('r', 0, (messages) => heard.push(...messages))
    expect(heard).toEqual([])
  })

  it('tells of short epochs as one change, and of an end at once', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const trainer = puppet()
      let changes = 0
      const supervisor = new Supervisor({
        spawn: () => trainer.process,
        record: () => {},
        stopped: () => stoppedAt([]),
        onChange: () => changes++,
      })
      await supervisor.train(run)
      const figures = { loss: 1, accuracy: 1, valLoss: null, valAccuracy: null, seconds: 1 }
      const epoch = (n: number) => event(n, { type: 'epoch', epoch: n, step: n, ...figures })
      for (let n = 1; n <= 5; n++) trainer.say(epoch(n))
      expect(changes).toBe(0)
      vi.advanceTimersByTime(1000)
      expect(changes).toBe(1)
      trainer.say(epoch(6))
      trainer.say(event(7, finished))
      expect(changes).toBe(2)
      vi.advanceTimersByTime(1000)
      expect(changes).toBe(2)
    } finally {
      vi.useRealTimers()
    }
  })

  it('leaves out a second telling of the same event', async () => {
    const trainer = puppet()
    const { supervisor } = supervise(trainer)
    await supervisor.train(run)
    const heard: RunMessage[] = []
    supervisor.watch('r', 0, (messages) => heard.push(...messages))
    trainer.say(event(0, finished))
    trainer.say(event(0, finished))
    expect(heard).toHaveLength(1)
  })
})
