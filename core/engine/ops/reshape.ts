import { type Dims, type Primitive, refuse, show, sizeOf } from './primitive.ts'

export interface ReshapeAttributes {
  readonly shape: Dims
}

/** The same elements in the same order under another shape. */
export const reshape: Primitive<ReshapeAttributes> = {
  name: 'reshape',
  shape([a], { shape }) {
    if (sizeOf(a!) !== sizeOf(shape)) {
      refuse('reshape', `a shape of ${sizeOf(a!)} elements for ${show(a!)}`, show(shape))
    }
    return shape
  },
  evaluate: ([a]) => a!.data,
  gradient: (b, op, dy) => [() => b.reshape(dy, op.inputs[0]!.shape)],
  onnx: (g, op) => g.op('Reshape', [g.name(op.inputs[0]!), g.ints(g.dims(op.output))]),
}
