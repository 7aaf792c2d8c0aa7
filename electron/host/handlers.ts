import type { z } from 'zod'
import { DocumentError } from '../../core/network/document.ts'
import { text } from '../../core/network/text.ts'
import {
  type DataFileKind,
  type EventName,
  type EventPayload,
  type MethodName,
  methods,
  type Request,
  type Response,
  type Result,
} from '../../core/protocol/contract.ts'
import { TrainingError } from '../../core/training/error.ts'
import { DocumentFiles, writeWhole } from './files.ts'
import { HostError } from './host-error.ts'
import { Kept, Unsaved } from './kept.ts'
import type { Runs } from './runs.ts'
import { Sources } from './sources.ts'

/** The system's file dialogs. Each resolves with a path, or null when the person cancels. */
export interface Dialogs {
  openDocument(): Promise<string | null>
  saveDocument(name: string): Promise<string | null>
  chooseFolder(): Promise<string | null>
  chooseFile(kind: DataFileKind): Promise<string | null>
  saveFile(name: string): Promise<string | null>
}

export interface HostServices {
  readonly info: Omit<Response<'app.info'>, 'dialogs'>
  readonly runs: Runs
  /** Null where the window must bring its own. */
  readonly dialogs: Dialogs | null
  /** The next file that the system handed to the app; absent where that can't be. */
  readonly given?: () => string | null
  /** Tells every window. */
  readonly tell?: <E extends EventName>(event: E, payload: EventPayload<E>) => void
  /** Takes what went wrong inside the program; none of it reaches the window. */
  readonly log: (what: string, error: unknown) => void
}

type Handlers = { [M in MethodName]: (request: Request<M>) => Promise<Response<M>> | Response<M> }

/** Answers any call. Never throws or rejects. */
export type Handle = (method: unknown, request: unknown) => Promise<Result<unknown>>

/**
 * The whole contract, for either host: checks the request against the method's schema, does it, checks the answer too
 * (which also keeps anything out of it that the contract does not name), and makes a `Result` of whatever happens.
 */
export function createHandlers(services: HostServices): Handle {
  const handlers: Handlers = {
    ...documentHandlers(services),
    ...keptHandlers(services),
    ...runHandlers(services),
    ...weightsHandlers(services),
    'network.import': (request) => services.runs.import(request),
    'app.info': () => ({ ...services.info, dialogs: services.dialogs !== null }),
    'engines.list': async ({ probe }) =>
      methods['engines.list'].res.parse(await services.runs.supervisor.job({ kind: 'engines', probe })),
    ...dataHandlers(services),
  }
  return (method, request) => answer(handlers, services, method, request)
}

async function answer(
  handlers: Handlers,
  services: HostServices,
  method: unknown,
  request: unknown,
): Promise<Result<unknown>> {
  if (typeof method !== 'string' || !Object.hasOwn(methods, method)) {
    // what is no text may have no text either
    const name = typeof method === 'string' ? method.slice(0, 60) : 'without a name'
    return { ok: false, code: 'bad-request', message: `there is no method ${name}` }
  }
  const name = method as MethodName
  // JSON has no `undefined`, so a method that takes nothing may be called with null
  const parsed = methods[name].req.safeParse(request ?? undefined)
  if (!parsed.success) return { ok: false, code: 'bad-request', message: firstIssue(name, parsed.error) }
  try {
    const handler = handlers[name] as (request: unknown) => unknown
    return { ok: true, value: methods[name].res.parse(await handler(parsed.data)) }
  } catch (error) {
    return refusal(services, name, error)
  }
}

function refusal(services: HostServices, method: string, error: unknown): Result<never> {
  const said = [HostError, TrainingError, DocumentError].some((type) => error instanceof type)
  if (said) {
    const { code, message, text } = error as HostError
    return { ok: false, code, message, ...(text ? { text } : {}) }
  }
  services.log(method, error)
  const message = `${method} failed by a fault inside Layerloom; its log has the details`
  return { ok: false, code: 'internal', message }
}

function firstIssue(method: string, error: z.ZodError): string {
  const issue = error.issues[0]
  const place = issue === undefined || issue.path.length === 0 ? 'the request' : issue.path.join('.')
  return `${method}: ${place}: ${issue?.message ?? 'not what was expected'}`
}

type DocumentMethods =
  | 'document.open'
  | 'document.reopen'
  | 'document.take'
  | 'document.save'
  | 'data.choose'
  | 'file.save'

function documentHandlers({ dialogs, given, runs }: HostServices): Pick<Handlers, DocumentMethods> {
  const files = new DocumentFiles(runs.home)
  return {
    'document.reopen': ({ path }) => files.reopen(path),
    'document.open': async () => {
      const path = await need(dialogs).openDocument()
      return path === null ? null : files.read(path)
    },
    'document.take': async () => {
      const path = given?.() ?? null
      return path === null ? null : files.read(path)
    },
    'document.save': async ({ path, name, text }) => {
      const target = path ?? (await need(dialogs).saveDocument(name))
      if (target === null) return null
      if (path === null) files.grant(target)
      return files.write(target, text)
    },
    'data.choose': async (request) => {
      const path = await (request ? need(dialogs).chooseFile(request.kind) : need(dialogs).chooseFolder())
      return path === null ? null : { path }
    },
    'file.save': async ({ name, bytes }) => saveByDialog(need(dialogs), name, bytes),
  }
}

type DataMethods = Exclude<Extract<MethodName, `data.${string}`>, 'data.choose'>

function dataHandlers({ runs, tell }: HostServices): Pick<Handlers, DataMethods> {
  const { dataFiles } = runs
  const sources = new Sources(runs.supervisor, (reading) => tell?.('data.reading', reading))
  return {
    'data.describe': async (request) => methods['data.describe'].res.parse(await sources.describe(request)),
    'data.describe.stop': () => sources.stopDescribing(),
    'data.samples': async (request) => methods['data.samples'].res.parse(await sources.samples(request)),
    'data.samples.stop': () => sources.close(),
    'data.begin': (request) => dataFiles.begin(request),
    'data.part': (request) => dataFiles.part(request),
    'data.keep': ({ id }) => dataFiles.keep(id),
    'data.drop': ({ id }) => dataFiles.drop(id),
  }
}

type KeptMethods = Extract<MethodName, `kept.${string}` | `unsaved.${string}`>

function keptHandlers({ runs }: HostServices): Pick<Handlers, KeptMethods> {
  const kept = new Kept(runs.home)
  const unsaved = new Unsaved(runs.home)
  return {
    'kept.read': ({ name }) => kept.read(name),
    'kept.write': ({ name, text }) => kept.write(name, text),
    'unsaved.list': () => unsaved.list(),
    'unsaved.write': ({ window, text }) => unsaved.write(window, text),
  }
}

type WeightsMethods = Extract<MethodName, `weights.${string}`>

function weightsHandlers({ runs: { uploads } }: HostServices): Pick<Handlers, WeightsMethods> {
  return {
    'weights.begin': (request) => uploads.begin(request),
    'weights.part': (request) => uploads.part(request),
    'weights.drop': ({ id }) => uploads.drop(id),
  }
}

type RunMethods = Extract<MethodName, `run.${string}`>

function runHandlers({ runs, dialogs, tell }: HostServices): Pick<Handlers, RunMethods> {
  return {
    'run.start': (request) => {
      checkJson('run.start', request)
      return runs.start(request)
    },
    'run.estimate': (request) => runs.estimate(request),
    'run.estimate.stop': () => runs.stopEstimate(),
    'run.load': (request) => {
      checkJson('run.load', request)
      return runs.load(request)
    },
    'run.resume': ({ runId }) => runs.resume(runId),
    'run.stop': ({ runId }) => runs.stop(runId),
    'run.pause': ({ runId }) => runs.pause(runId, true),
    'run.continue': ({ runId }) => runs.pause(runId, false),
    'run.rangeTest': (request) => runs.rangeTest(request, (found) => tell?.('run.rangeTest.points', found)),
    'run.rangeTest.stop': () => runs.stopRangeTest(),
    'run.list': () => runs.list(),
    'run.change': (request) => runs.change(request),
    'run.delete': ({ runId }) => runs.delete(runId),
    'run.open': ({ runId }) => runs.open(runId),
    'run.review': ({ runId }) => runs.review(runId),
    'run.look': ({ runId, image }) => runs.look(runId, image),
    'run.export': async (request) => {
      const file = await runs.export(request)
      return dialogs === null ? file : saveByDialog(dialogs, file.name, file.bytes)
    },
  }
}

/** Unknown parts of a document and a recipe are kept as they are, and IPC carries more than a file can hold. */
function checkJson(method: MethodName, request: unknown): void {
  try {
    JSON.stringify(request)
  } catch {
    throw new HostError(
      'bad-request',
      `${method}: it holds a big integer or refers to itself, which no file can hold: send plain values`,
    )
  }
}

async function saveByDialog(
  dialogs: Dialogs,
  name: string,
  bytes: Uint8Array,
): Promise<{ path: string } | null> {
  const path = await dialogs.saveFile(name)
  if (path === null) return null
  writeWhole(path, bytes)
  return { path }
}

function need(dialogs: Dialogs | null): Dialogs {
  if (dialogs === null) {
    throw new HostError(
      'not-supported',
      text(
        'this host has no file dialogs: the window brings its own',
        '이 호스트에는 파일 대화상자가 없어 창에서 직접 엽니다.',
      ),
    )
  }
  return dialogs
}
