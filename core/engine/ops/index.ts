import { add } from './add.ts'
import { affine } from './affine.ts'
import { avgPool } from './avg-pool.ts'
import { avgPoolGradient } from './avg-pool-gradient.ts'
import { batchNorm } from './batch-norm.ts'
import { channelMean } from './channel-mean.ts'
import { channelVariance } from './channel-variance.ts'
import { concat } from './concat.ts'
import { conv } from './conv.ts'
import { convInputGradient } from './conv-input-gradient.ts'
import { convWeightGradient } from './conv-weight-gradient.ts'
import { div } from './div.ts'
import { equal } from './equal.ts'
import { erf } from './erf.ts'
import { exp } from './exp.ts'
import { expand } from './expand.ts'
import { gather } from './gather.ts'
import { log } from './log.ts'
import { logSoftmax } from './log-softmax.ts'
import { matmul } from './matmul.ts'
import { max } from './max.ts'
import { maxPool } from './max-pool.ts'
import { maxPoolGradient } from './max-pool-gradient.ts'
import { mul } from './mul.ts'
import { pad } from './pad.ts'
import type { Primitive } from './primitive.ts'
import { relu } from './relu.ts'
import { reshape } from './reshape.ts'
import { scatter } from './scatter.ts'
import { sigmoid } from './sigmoid.ts'
import { slice } from './slice.ts'
import { softmax } from './softmax.ts'
import { sqrt } from './sqrt.ts'
import { step } from './step.ts'
import { sub } from './sub.ts'
import { sum } from './sum.ts'
import { tanh } from './tanh.ts'
import { transpose } from './transpose.ts'
import { uniform } from './uniform.ts'

/** Every primitive, by name. */
export const primitives: readonly Primitive[] = [
  add,
  affine,
  avgPool,
  avgPoolGradient,
  batchNorm,
  channelMean,
  channelVariance,
  concat,
  conv,
  convInputGradient,
  convWeightGradient,
  div,
  equal,
  erf,
  exp,
  expand,
  gather,
  log,
  logSoftmax,
  matmul,
  max,
  maxPool,
  maxPoolGradient,
  mul,
  pad,
  relu,
  reshape,
  scatter,
  sigmoid,
  slice,
  softmax,
  sqrt,
  step,
  sub,
  sum,
  tanh,
  transpose,
  uniform,
]
