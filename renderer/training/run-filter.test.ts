import { expect, it } from 'vitest'
import type { RunSummary } from '../../core/protocol/contract.ts'
import { everyRun, filterRuns, type RunFilter } from './run-filter.ts'

const run = (name: string, over: Partial<RunSummary> = {}): RunSummary => ({
  runId: name,
  name,
  created: '2026-01-01T00:00:00Z',
  state: 'completed',
  reason: '',
  epoch: 1,
  epochs: 1,
  valAccuracy: null,
  data: 'digits',
  engine: 'cpu',
  hasWeights: true,
  ...over,
})
const list = [
  run('net 10', { valAccuracy: 0.5 }),
  run('Net 2', { state: 'failed', notes: '학습률이 너무 큼' }),
  run('net 1', { valAccuracy: 0.9, state: 'running', data: 'mnist:/data' }),
  run('그물', { state: 'interrupted', valAccuracy: 0.9 }),
  run('old', { hidden: true, state: 'failed' }),
]
const names = (filter: Partial<RunFilter>) =>
  filterRuns(list, { ...everyRun, ...filter }, 'en').map(({ name }) => name)

it('leaves out hidden runs unless they are asked for', () => {
  expect(names({})).toEqual(['net 10', 'Net 2', 'net 1', '그물'])
  expect(names({ kind: 'hidden' })).toEqual(['old'])
  expect(names({ words: 'old' })).toEqual([])
})

it('finds by name, notes and data, whatever the case, and Hangul however it is composed', () => {
  expect(names({ words: 'NET' })).toEqual(['net 10', 'Net 2', 'net 1'])
  expect(names({ words: '학습률 net' })).toEqual(['Net 2'])
  expect(names({ words: '그물'.normalize('NFD') })).toEqual(['그물'])
  expect(names({ words: ' mnist ' })).toEqual(['net 1'])
})

it('tells those that train, that are done and that failed apart', () => {
  expect(names({ kind: 'training' })).toEqual(['net 1'])
  expect(names({ kind: 'done' })).toEqual(['net 10'])
  expect(names({ kind: 'failed' })).toEqual(['Net 2', '그물'])
})

it('sorts by accuracy, the newest of equals first, and by name as people count', () => {
  expect(names({ order: 'best' })).toEqual(['net 1', '그물', 'net 10', 'Net 2'])
  expect(names({ order: 'name' })).toEqual(['net 1', 'Net 2', 'net 10', '그물'])
  expect(list[0]?.name).toBe('net 10')
})
