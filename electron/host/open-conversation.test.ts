import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { OpenJob } from '../trainer/protocol.ts'
import { idleMs, OpenConversation } from './open-conversation.ts'

const job = (runDir: string): OpenJob => ({ kind: 'look', runDir })
const image = { name: 'cat.png', bytes: new Uint8Array() }

interface Answer {
  resolve(value: unknown): void
  reject(error: Error): void
}

/** Processes that the test plays: questions are answered in order, by hand. */
function play(survives = false) {
  const begun: { job: OpenJob; answers: Answer[]; closed: boolean }[] = []
  const conversation = new OpenConversation({
    open: (of) => {
      const one = { job: of, answers: [] as Answer[], closed: false }
      begun.push(one)
      return {
        ask: () => new Promise((resolve, reject) => void one.answers.push({ resolve, reject })),
        close: () => {
          one.closed = true
        },
      }
    },
    survives: () => survives,
  })
  return { begun, conversation }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('keeps the process for the next question, and ends it when none comes', async () => {
  const { begun, conversation } = play()
  const first = conversation.ask('a', job('a'), image)
  begun[0]!.answers[0]!.resolve(1)
  expect(await first).toBe(1)
  await vi.advanceTimersByTimeAsync(idleMs - 1)
  const second = conversation.ask('a', job('a'), image)
  begun[0]!.answers[1]!.resolve(2)
  expect(await second).toBe(2)
  expect([begun.length, begun[0]!.closed]).toEqual([1, false])
  await vi.advanceTimersByTimeAsync(idleMs)
  expect(begun[0]!.closed).toBe(true)
})

it('waits for a slow answer, also while another one has come', async () => {
  const { begun, conversation } = play()
  const [quick, slow] = [
    conversation.ask('a', job('a'), image),
    conversation.ask('a', job('a'), image),
  ] as const
  begun[0]!.answers[0]!.resolve('quick')
  expect(await quick).toBe('quick')
  await vi.advanceTimersByTimeAsync(2 * idleMs)
  expect(begun[0]!.closed).toBe(false)
  begun[0]!.answers[1]!.resolve('slow')
  expect(await slow).toBe('slow')
})

it('begins anew for another job, and leaves that one alone when the one before fails', async () => {
  const { begun, conversation } = play()
  const first = conversation.ask('a', job('a'), image)
  const second = conversation.ask('b', job('b'), image)
  expect(begun.map(({ job: of, closed }) => [of, closed])).toEqual([
    [job('a'), true],
    [job('b'), false],
  ])
  begun[0]!.answers[0]!.reject(new Error('cancelled'))
  await expect(first).rejects.toThrow('cancelled')
  expect(begun[1]!.closed).toBe(false)
  begun[1]!.answers[0]!.resolve('b')
  expect(await second).toBe('b')
})

it.each([true, false])('after a failure keeps the process where it is of use: %s', async (survives) => {
  const { begun, conversation } = play(survives)
  const asked = conversation.ask('a', job('a'), image)
  begun[0]!.answers[0]!.reject(new Error('no picture'))
  await expect(asked).rejects.toThrow('no picture')
  expect(begun[0]!.closed).toBe(!survives)
})
