import type { Primitive } from './primitive.ts'

export interface AffineAttributes {
  readonly factor: number
  readonly offset: number
}

/** a * factor + offset with two numbers. */
export const affine: Primitive<AffineAttributes> = {
  name: 'affine',
  shape: ([a]) => a!,
  evaluate: ([a], { factor, offset }) => a!.data.map((x) => x * factor + offset),
  gradient: (b, op, dy) => [() => b.affine(dy, op.attributes.factor)],
  onnx(g, op) {
    const { factor, offset } = op.attributes
    const a = g.name(op.inputs[0]!)
    const scaled = factor === 1 ? a : g.op('Mul', [a, g.scalar(factor)])
    return offset === 0 && scaled !== a ? scaled : g.op('Add', [scaled, g.scalar(offset)])
  },
}
