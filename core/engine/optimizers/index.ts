import type { OptimizerConfig } from '../executor.ts'
import { adam } from './adam.ts'
import type { Optimizer } from './optimizer.ts'
import { sgd } from './sgd.ts'

/** The optimizer of a configuration. Weight decay is not its matter: it is part of the gradient. */
export function optimizerFrom(config: OptimizerConfig): Optimizer {
  return config.type === 'adam' ? adam(config) : sgd(config.momentum)
}
