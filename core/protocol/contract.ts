import { z } from 'zod'
import type { Text } from '../network/text.ts'
import type { runMessage } from './events.ts'
import { appMethods } from './methods/app.ts'
import { dataMethods, dataReading } from './methods/data.ts'
import { documentMethods } from './methods/documents.ts'
import { lookMethods } from './methods/looks.ts'
import { rangePoints, runMethods, runSummary } from './methods/runs.ts'
import { weightMethods } from './methods/weights.ts'

export {
  type DataFileKind,
  type DataReading,
  dataFileKinds,
  dataReading,
  largestData,
} from './methods/data.ts'
export {
  type JobConfig,
  jobConfigSchema,
  type RangePoints,
  type RunSummary,
  rangePoints,
  runSummary,
} from './methods/runs.ts'
export { type ExportFormatId, exportFormatIds, largestPart, namings } from './methods/weights.ts'

/**
 * Every method the window may ask of its host, with a runtime schema for what goes in and what comes out. Spoken
 * over Electron IPC, over the loopback WebSocket and by the electron double; nothing else crosses.
 */
export const methods = {
  ...appMethods,
  ...documentMethods,
  ...dataMethods,
  ...runMethods,
  ...lookMethods,
  ...weightMethods,
} as const

export const events = {
  'menu.command': z.object({ id: z.string() }),
  /** The system handed the app a document: `document.take` gives it. */
  'document.given': z.void(),
  /**
   * A run begins, has ended an epoch, waits, goes on, is over or was renamed. Where its trainer process ended without a
   * word (killed, crashed), its last event is a `failed` made by the host.
   */
  'run.changed': runSummary,
  /** How far a source is read, a few times a second; only images take long enough. */
  'data.reading': dataReading,
  /** What the range test that is being made has found, a few times a second. */
  'run.rangeTest.points': rangePoints,
  /** A run's folder was taken away. */
  'run.deleted': z.object({ runId: z.string() }),
} as const

export type Methods = typeof methods
export type MethodName = keyof Methods
export type Request<M extends MethodName> = z.infer<Methods[M]['req']>
export type Response<M extends MethodName> = z.infer<Methods[M]['res']>
export type Events = typeof events
export type EventName = keyof Events
export type EventPayload<E extends EventName> = z.infer<Events[E]>

/** How every result crosses: nothing throws across. */
export type Result<T> =
  | { ok: true; value: T }
  | { ok: false; code: string; message: string; text?: Text | undefined }

/** What the renderer programs against; renderer/host has one implementation a transport. */
export interface Host {
  /** Rejects with a HostError (code, message) when the host says no. */
  call<M extends MethodName>(method: M, request: Request<M>): Promise<Response<M>>
  on<E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void): () => void
  /**
   * Live events of a run, straight from its trainer (a MessagePort under Electron, the WebSocket on loopback). What
   * came before the call is delivered first; at most about 20 messages a second.
   */
  watch(runId: string, listener: (message: z.infer<typeof runMessage>) => void): () => void
}
