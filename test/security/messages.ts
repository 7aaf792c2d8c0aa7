import fc from 'fast-check'
import { createDocument } from '../../core/network/document.ts'
import { type MethodName, methods } from '../../core/protocol/contract.ts'

/** Malformed messages, for both transports: what a broken or hostile page could say. */

/** A request that each method takes, to be spoiled below. Nothing here shows a dialog or writes a file. */
const right: Partial<Record<MethodName, unknown>> = {
  'document.save': { path: '/etc/passwd', name: 'a', text: '{}' },
  'engines.list': { probe: false },
  'data.describe': { source: 'folder:/nowhere' },
  'data.samples': { source: 'folder:/nowhere', count: 4, order: 'feed', variants: 2 },
  'document.reopen': { path: '/etc/passwd' },
  'kept.read': { name: '../../secret' },
  'unsaved.write': { window: '../../secret', text: '{}' },
  'weights.begin': { name: '../../x', size: 10 },
  'weights.part': { id: '../../x', bytes: new Uint8Array([1]) },
  'weights.drop': { id: '../../x' },
  'network.import': { file: '../../x' },
  'run.load': { document: createDocument('finish'), weights: '../../x', names: 'own', partial: true },
  'run.estimate': { document: createDocument('finish'), config: { data: 'digits' }, measure: false },
  'run.start': { document: createDocument('finish'), config: { data: 'digits', epochs: 1 } },
  'run.resume': { runId: 'none' },
  'run.stop': { runId: 'none' },
  'run.pause': { runId: 'none' },
  'run.continue': { runId: '../../secret' },
  'run.rangeTest': {
    document: createDocument('finish'),
    config: { data: 'digits' },
    ...{ from: 1e-5, to: 1, steps: 20 },
  },
  'run.open': { runId: '../../secret' },
  'run.change': { runId: '../../secret', name: 'a', notes: 'b', hidden: true },
  'run.delete': { runId: '../../secret' },
  'run.export': { runId: '../../secret', format: 'onnx', which: 'best' },
  'file.save': { name: '../../x', bytes: new Uint8Array([1]) },
}

/** Methods that start a process each; the stand-in for a trainer has no answer for them. */
const jobs: readonly unknown[] = [
  'engines.list',
  'data.describe',
  'data.samples',
  'run.estimate',
  'run.rangeTest',
] as const satisfies readonly MethodName[]

/** Whether a call is as right as one that starts a process must be; malformed ones are answered like any other. */
export const startsProcess = ({ method, request }: { method?: unknown; request?: unknown }): boolean =>
  jobs.includes(method) && methods[method as MethodName].req.safeParse(request ?? undefined).success

/** Values that programs stumble over. */
const nasty = fc.constantFrom<unknown>(
  null,
  undefined,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -0,
  -1,
  2 ** 53,
  '',
  '\0',
  '../../../../etc/passwd',
  'C:\\Windows\\System32',
  'a'.repeat(70_000),
  '\ud800',
  '__proto__',
  [],
  {},
  [[[[]]]],
  new Uint8Array(0),
)
const anyValue = fc.oneof(nasty, fc.anything({ maxDepth: 3, withNullPrototype: true, withBigInt: true }))

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)

/** `value` with one of its parts, at any depth, replaced, removed or added. */
const spoiled = (value: unknown): fc.Arbitrary<unknown> =>
  fc
    .tuple(fc.array(fc.nat(20), { maxLength: 4 }), anyValue, fc.constantFrom('set', 'remove', 'add'))
    .map(([way, part, how]) => {
      const spoil = (at: unknown, [turn, ...rest]: number[]): unknown => {
        if (!isRecord(at) || turn === undefined) return part
        const keys = Object.keys(at)
        const key = keys[turn % Math.max(keys.length, 1)] ?? 'x'
        if (rest.length > 0) return { ...at, [key]: spoil(at[key], rest) }
        if (how === 'add') return { ...at, [`${key}2`]: part }
        const { [key]: _, ...others } = at
        return how === 'remove' ? others : { ...others, [key]: part }
      }
      return spoil(value, way)
    })

const known = Object.keys(methods) as MethodName[]
const names = fc.oneof(
  fc.constantFrom<unknown>(...known),
  fc.constantFrom<unknown>('constructor', '__proto__', 'toString', 'run.', '', 'RUN.LIST', 'run.list\0'),
  anyValue,
)

/** A call: a method's name, right or wrong, and a request that is seldom right. */
export const anyCall: fc.Arbitrary<{ method: unknown; request: unknown }> = fc.oneof(
  fc.record({ method: names, request: anyValue }),
  fc
    .constantFrom(...known)
    .chain((method) =>
      fc.record({ method: fc.constant<unknown>(method), request: spoiled(right[method] ?? {}) }),
    ),
)

/** What no answer may hold: places on this machine's disk, or where in the program something failed. */
export const leaks = /\n\s+at |node_modules|file:\/\/|\.[cm]?[jt]s:\d+|\/(tmp|home|root|usr|work)\//
