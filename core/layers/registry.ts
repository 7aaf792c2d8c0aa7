import { add } from './add.ts'
import { auxiliary } from './auxiliary.ts'
import { avgpool1d } from './avgpool1d.ts'
import { avgpool2d } from './avgpool2d.ts'
import { avgpool3d } from './avgpool3d.ts'
import { batchnorm } from './batchnorm.ts'
import { channelDropout } from './channel-dropout.ts'
import { channelShuffle } from './channel-shuffle.ts'
import { concat } from './concat.ts'
import { conv1d } from './conv1d.ts'
import { conv2d } from './conv2d.ts'
import { conv3d } from './conv3d.ts'
import { dense } from './dense.ts'
import { depthwiseConv2d } from './depthwise-conv2d.ts'
import { dropout } from './dropout.ts'
import { elu } from './elu.ts'
import { flatten } from './flatten.ts'
import { gelu } from './gelu.ts'
import { globalAvgpool } from './global-avgpool.ts'
import { globalMaxpool } from './global-maxpool.ts'
import { groupnorm } from './groupnorm.ts'
import { input } from './input.ts'
import { instancenorm } from './instancenorm.ts'
import type { LayerKind } from './kind.ts'
import { layernorm } from './layernorm.ts'
import { leakyRelu } from './leaky-relu.ts'
import { lrn } from './lrn.ts'
import { maxpool1d } from './maxpool1d.ts'
import { maxpool2d } from './maxpool2d.ts'
import { maxpool3d } from './maxpool3d.ts'
import { multiply } from './multiply.ts'
import { pad2d } from './pad2d.ts'
import type { ParamSpecs } from './params.ts'
import { partialConv2d } from './partial-conv2d.ts'
import { permute } from './permute.ts'
import { rbf } from './rbf.ts'
import { relu } from './relu.ts'
import { reshape } from './reshape.ts'
import { scaledTanh } from './scaled-tanh.ts'
import { sigmoid } from './sigmoid.ts'
import { silu } from './silu.ts'
import { slice } from './slice.ts'
import { softmax } from './softmax.ts'
import { stochasticDepth } from './stochastic-depth.ts'
import { subsampling } from './subsampling.ts'
import { tanh } from './tanh.ts'
import { transposedConv2d } from './transposed-conv2d.ts'
import { upsample } from './upsample.ts'
import { zeroPadShortcut } from './zero-pad-shortcut.ts'

/** Every layer kind with its own parameter types, by the name that stands in documents; sorted. */
export const registry = {
  add,
  auxiliary,
  avgpool1d,
  avgpool2d,
  avgpool3d,
  batchnorm,
  'channel-dropout': channelDropout,
  'channel-shuffle': channelShuffle,
  concat,
  conv1d,
  conv2d,
  conv3d,
  dense,
  'depthwise-conv2d': depthwiseConv2d,
  dropout,
  elu,
  flatten,
  gelu,
  'global-avgpool': globalAvgpool,
  'global-maxpool': globalMaxpool,
  groupnorm,
  input,
  instancenorm,
  layernorm,
  'leaky-relu': leakyRelu,
  lrn,
  maxpool1d,
  maxpool2d,
  maxpool3d,
  multiply,
  pad2d,
  'partial-conv2d': partialConv2d,
  permute,
  rbf,
  relu,
  reshape,
  'scaled-tanh': scaledTanh,
  sigmoid,
  silu,
  slice,
  softmax,
  'stochastic-depth': stochasticDepth,
  subsampling,
  tanh,
  'transposed-conv2d': transposedConv2d,
  upsample,
  'zero-pad-shortcut': zeroPadShortcut,
} as const

export type KindName = keyof typeof registry

/** A kind whose parameters are only known at run time. */
export type AnyKind = LayerKind<ParamSpecs>

/** Every layer kind, sorted by name. */
export const kinds: readonly AnyKind[] = Object.values(registry)

const byName = new Map(kinds.map((kind) => [kind.kind, kind]))

/** The kind of that name; undefined for one that this version does not know. */
export const kindOf = (name: string): AnyKind | undefined => byName.get(name)
