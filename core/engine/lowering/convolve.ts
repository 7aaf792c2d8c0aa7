import type { Tensor } from '../../layers/builder.ts'
import type { OnnxAttribute, OnnxGraph } from './graph.ts'

/** Appends a convolution of x by w, and bias or none, with ONNX's attributes, `group` among them; gives the result's name. */
export type Convolve = (
  g: OnnxGraph,
  operands: readonly Tensor[],
  attributes: Readonly<Record<string, OnnxAttribute>> & { readonly group: number },
) => string

export const plainConvolution: Convolve = (g, operands, attributes) =>
  g.op('Conv', g.names(operands), attributes)
