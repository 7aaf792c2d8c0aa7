import type { NetworkDocument } from '../network/schema.ts'
import type { TrainingProgram } from './compile.ts'
import type { StepConfig } from './executor.ts'
import { optimizerFrom } from './optimizers/index.ts'

/**
 * What decides the program of a training step: two steps of the same key have the same program. The rest are figures
 * that a program takes when it runs: the learning rate, momentum, betas, epsilon, weight decay, label smoothing, class
 * weights, the length that gradients are clipped to, how much of the weights' average is kept.
 */
export function structureKey(document: NetworkDocument, config: StepConfig): string {
  const { batch, loss = {}, clip, average } = config
  return JSON.stringify([
    ...structureOfNetwork(document),
    { batch, loss: loss.type, clips: clip !== undefined, averages: average !== undefined },
    structureOfOptimizer(config),
  ])
}

/** What decides the program of an evaluation, likewise. */
export const inferenceKey = (document: NetworkDocument, batch: number): string =>
  JSON.stringify([...structureOfNetwork(document), batch])

const structureOfNetwork = ({ layers, wires, groups }: NetworkDocument) => [
  layers.map(({ position: _, collapsed: __, ...layer }) => layer),
  wires,
  groups?.map(({ position: _, name: __, ...group }) => group),
]

/** Which scalars and which state an optimizer has, and how its momentum is taken. */
function structureOfOptimizer(config: StepConfig) {
  const { optimizer } = config
  const { state, rates } = optimizerFrom(config)
  const nesterov = optimizer.type === 'sgd' && optimizer.nesterov === true && optimizer.momentum > 0
  return { type: optimizer.type, nesterov, state, rates: Object.keys(rates(0, 0)) }
}

/** A compiled step with the figures of another configuration of the same structure. */
export const withFigures = (compiled: TrainingProgram, config: StepConfig): TrainingProgram => ({
  ...compiled,
  optimizer: optimizerFrom(config),
  loss: config.loss ?? {},
})
