import type { OptimizerConfig, StepConfig } from '../executor.ts'
import { adam } from './adam.ts'
import { adamw } from './adamw.ts'
import { averaging } from './average.ts'
import type { Optimizer } from './optimizer.ts'
import { rmsprop } from './rmsprop.ts'
import { sgd } from './sgd.ts'

/** What updates the weights of a step, with their average where one is kept. */
export function optimizerFrom({ optimizer, average }: Pick<StepConfig, 'optimizer' | 'average'>): Optimizer {
  const plain = plainOptimizer(optimizer)
  return average === undefined ? plain : averaging(plain, average)
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
export const l2Of = (config: OptimizerConfig): number => (config.type === 'adamw' ? 0 : config.weightDecay)
