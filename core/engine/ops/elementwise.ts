import type { Tensor } from '../../layers/builder.ts'
import type { Program } from '../program.ts'
import { broadcastIndices, broadcastShape } from './dims.ts'
import { type Operation, type Primitive, sizeOf } from './primitive.ts'

type NoAttributes = Record<never, never>

/** What stays to be said of a primitive that maps each element by itself. */
interface Unary {
  readonly name: string
  value(x: number): number
  /** Gradient of the input from that of the output. */
  gradient?(b: Program, op: Operation<NoAttributes>, dy: Tensor): Tensor
  onnx: Primitive<NoAttributes>['onnx']
}

/** A primitive of one operand, element by element. */
export function unary({ name, value, gradient, onnx }: Unary): Primitive<NoAttributes> {
  return {
    name,
    shape: ([x]) => x!,
    evaluate: ([x]) => x!.data.map(value),
    ...(gradient && { gradient: (b, op, dy) => [() => gradient(b, op, dy)] }),
    onnx,
  }
}

/** What stays to be said of a primitive that combines two operands element by element. */
interface Binary {
  readonly name: string
  value(a: number, b: number): number
  /** Gradients of the two operands, before they are summed over the axes that were broadcast. */
  gradient?(b: Program, op: Operation<NoAttributes>, dy: Tensor): readonly [() => Tensor, () => Tensor]
  onnx: Primitive<NoAttributes>['onnx']
}

/** A primitive of two operands that broadcast as NumPy does. */
export function binary({ name, value, gradient, onnx }: Binary): Primitive<NoAttributes> {
  return {
    name,
    shape: ([a, b]) => broadcastShape(name, a!, b!),
    evaluate([a, b], _, shape) {
      const out = new Float64Array(sizeOf(shape))
      const left = broadcastIndices(a!.shape, shape)
      const right = broadcastIndices(b!.shape, shape)
      for (let i = 0; i < out.length; i++) out[i] = value(a!.data[left[i]!]!, b!.data[right[i]!]!)
      return out
    },
    ...(gradient && {
      gradient(b, op, dy) {
        const parts = gradient(b, op, dy)
        return parts.map((part, i) => () => sumTo(b, part(), op.inputs[i]!.shape))
      },
    }),
    onnx,
  }
}

/** Sums a gradient over the axes along which an operand of `shape` was broadcast. */
export function sumTo(b: Program, a: Tensor, shape: readonly number[]): Tensor {
  const lead = a.shape.length - shape.length
  const axes = a.shape.flatMap((n, axis) =>
    axis < lead || (shape[axis - lead] === 1 && n !== 1) ? [axis] : [],
  )
  const summed = axes.length === 0 ? a : b.sum(a, axes)
  return b.reshape(summed, shape)
}
