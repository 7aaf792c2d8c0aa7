import type { OptimizerConfig, StepConfig } from '../executor.ts'
import { adam } from './adam.ts'
import { adamw } from './adamw.ts'
import { averaging } from './average.ts'
import type { Optimizer } from './optimizer.ts'
import { rmsprop } from './rmsprop.ts'
import { sgd } from './sgd.ts'

/** Scalars of a step beside those of its optimizer: the share of L2, and the length that gradients are clipped to. */
export type StepRate = 'l2' | 'clip'

/** Longer than any gradient whose length is a float32. */
const UNCLIPPED = 3e38

/**
 * What updates the weights of a step, with their average where one is kept. Among its scalars are those of `StepRate`
 * that the step has.
 */
export function optimizerFrom({
  optimizer,
  average,
  clip,
}: Pick<StepConfig, 'optimizer' | 'average' | 'clip'>): Optimizer {
  const plain = plainOptimizer(optimizer)
  const whole = average === undefined ? plain : averaging(plain, average)
  const l2 = l2Of(optimizer)
  const more = { ...(l2 === 0 ? {} : { l2 }), ...(clip === undefined ? {} : { clip }) }
  const none = { ...(l2 === 0 ? {} : { l2: 0 }), ...(clip === undefined ? {} : { clip: UNCLIPPED }) }
  return {
    ...whole,
    rates: (learningRate, step) => ({ ...whole.rates(learningRate, step), ...more }),
    probe: { ...whole.probe, rates: { ...whole.probe.rates, ...none } },
  }
}

function plainOptimizer(config: OptimizerConfig): Optimizer {
  switch (config.type) {
    case 'sgd':
      return sgd(config.momentum, config.nesterov)
    case 'adam':
      return adam(config)
    case 'adamw':
      return adamw(config, config.weightDecay)
    case 'rmsprop':
      return rmsprop(config)
  }
}

/** The share of the weights that is added to their gradient; AdamW takes them down by itself. */
const l2Of = (config: OptimizerConfig): number => (config.type === 'adamw' ? 0 : config.weightDecay)
