import type { Issue } from '../network/issue.ts'
import type { Text } from '../network/text.ts'
import type { Builder, Tensor } from './builder.ts'
import type { ParamSpecs, ParamsOf } from './params.ts'

/** Size of one sample without the batch: [C, H, W] for images, [F] for vectors, [C, L], [C, D, H, W]. */
export type Shape = readonly number[]

/** Colour and glyph of the node (design tokens `--cat-*`, icons `cat-*`) and section of the palette. */
export type Category =
  | 'input'
  | 'conv'
  | 'pool'
  | 'norm'
  | 'activation'
  | 'dense'
  | 'merge'
  | 'regularization'
  | 'output'
  | 'block'

export interface Port {
  readonly name: string
  /** Ranks of a sample it takes ([3] = [C, H, W]); any when absent. */
  readonly ranks?: readonly number[]
  /** Takes any number of wires, two or more; their order is the order of the wires in the document. */
  readonly variadic?: boolean
}

export interface Paper {
  readonly citation: string
  readonly url?: string
}

export type Initializer =
  | { readonly type: 'zeros' }
  | { readonly type: 'ones' }
  | { readonly type: 'constant'; readonly value: number }
  /** Normal around 0. */
  | { readonly type: 'normal'; readonly deviation: number }
  /** Uniform between -limit and limit. */
  | { readonly type: 'uniform'; readonly limit: number }
  /** Normal with standard deviation sqrt(2 / fanIn): He et al. 2015. */
  | { readonly type: 'he-normal'; readonly fanIn: number }
  /** Uniform within sqrt(6 / (fanIn + fanOut)): Glorot and Bengio 2010. */
  | { readonly type: 'glorot-uniform'; readonly fanIn: number; readonly fanOut: number }
  /** Uniform within `gain` / fanIn (LeCun et al. 1998 use 2.4), or 1 / sqrt(fanIn) when `root`. */
  | {
      readonly type: 'uniform-fan-in'
      readonly fanIn: number
      readonly gain: number
      readonly root?: boolean
      /** One an entry of the tensor's first axis, where they differ; used instead of `fanIn`. */
      readonly fanIns?: readonly number[]
    }
  /** Given values, row by row. */
  | { readonly type: 'values'; readonly values: readonly number[] }

export interface WeightSpec {
  /** `weight`, `bias`, `codes`... The tensor's full name is `<layer name>.<this>`. */
  readonly name: string
  readonly shape: readonly number[]
  readonly init: Initializer
  /** Changed by the optimizer; default true. */
  readonly trainable?: boolean
  /** Weight decay applies; default true for rank > 1 tensors, false for biases. */
  readonly decay?: boolean
}

/**
 * How one output place looks at the input, one entry a spatial axis; identity when a kind gives none. Where a layer
 * makes maps larger the stride is a fraction, and so may be the others: output place o sees the whole input places
 * from o * stride - padBefore on, over (kernel - 1) * dilation.
 */
export interface Receptive {
  readonly kernel: readonly number[]
  readonly stride: readonly number[]
  readonly padBefore: readonly number[]
  readonly dilation: readonly number[]
}

export interface Mode {
  readonly training: boolean
  /** Number that tells this layer's random stream from the others'. */
  readonly stream: number
}

export interface Example {
  readonly params?: Readonly<Record<string, unknown>>
  readonly inputs: readonly Shape[]
  readonly output: Shape
  /** Trainable and other parameters. */
  readonly trainable: number
  readonly nonTrainable?: number
  readonly macs: number
  readonly connections?: number
  readonly note?: Text
}

/** What the network's last layer puts out, which decides how logits and the default loss are made from it. */
export type Head = 'logits' | 'probabilities' | 'distances'

/**
 * Everything the product knows of one kind of layer, in one file and in this order. The parameter count is derived
 * from `weights`; there is no second formula. Texts are in both languages. The contract test over the registry
 * (core/layers/contract.test.ts) checks every facet of every kind.
 */
export interface LayerKind<P extends ParamSpecs = ParamSpecs> {
  /** kebab-case and stable: it stands in documents. */
  readonly kind: string
  readonly title: Text
  readonly category: Category
  readonly version: number
  readonly inputs: readonly Port[]
  readonly summary: Text
  readonly paper?: Paper
  readonly params: P
  /** Rules beyond ranges; shapes are those of the connected inputs and fit `inputs`' ranks. Ids are filled in by the caller. */
  check?(params: ParamsOf<P>, inputs: readonly Shape[]): readonly Omit<Issue, 'layer'>[]
  /** Only called when `check` gave no error. May still give a size below 1; the analysis reports that. */
  inferShape(params: ParamsOf<P>, inputs: readonly Shape[]): Shape
  weights?(params: ParamsOf<P>, inputs: readonly Shape[]): readonly WeightSpec[]
  /** Multiply-accumulates of convolutions and dense layers for one sample; 0 when absent. */
  macs?(params: ParamsOf<P>, inputs: readonly Shape[], output: Shape): number
  /** LeNet's measure: edges into units, the bias counted as one; 0 when absent. */
  connections?(params: ParamsOf<P>, inputs: readonly Shape[], output: Shape): number
  /** Null when an output place is no window of the input any more, as after most reshaping. */
  receptive?(params: ParamsOf<P>, inputs: readonly Shape[]): Receptive | null
  readonly head?: Head
  /** Of a kind that ends a side branch: what its loss counts for beside the network's own while training. */
  auxiliary?(params: ParamsOf<P>): number
  /** Name of the parameter that sets the number of classes when this is the network's last weighted layer. */
  readonly classesParam?: string
  /** Written once against the builder; inputs are batch first. */
  forward(
    b: Builder,
    params: ParamsOf<P>,
    inputs: readonly Tensor[],
    weights: Readonly<Record<string, Tensor>>,
    mode: Mode,
  ): Tensor
  /** `migrations[v]` takes the parameters of version v to v + 1. */
  readonly migrations?: Readonly<Record<number, (params: Record<string, unknown>) => Record<string, unknown>>>
  readonly examples: readonly Example[]
}

/** Identity that lets TypeScript derive the parameters' types from their specs. */
export const defineLayer = <const P extends ParamSpecs>(
  kind: LayerKind<NoInfer<P>> & { readonly params: P },
): LayerKind<P> => kind
