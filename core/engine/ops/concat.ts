import { checkAxes } from './dims.ts'
import { type Primitive, refuse, show, sizeOf } from './primitive.ts'

export interface ConcatAttributes {
  readonly axis: number
}

/** Operands laid one after the other along an axis. */
export const concat: Primitive<ConcatAttributes> = {
  name: 'concat',
  shape(parts, { axis }) {
    const first = parts[0]
    if (!first) refuse('concat', 'at least one operand', 'none')
    checkAxes('concat', [axis], first.length)
    for (const part of parts) {
      if (part.length !== first.length || part.some((n, i) => i !== axis && n !== first[i])) {
        refuse('concat', `shapes equal to ${show(first)} except on axis ${axis}`, show(part))
      }
    }
    return first.map((n, i) => (i === axis ? parts.reduce((sum, part) => sum + part[axis]!, 0) : n))
  },
  evaluate(parts, { axis }, shape) {
    const out = new Float64Array(sizeOf(shape))
    const row = sizeOf(shape.slice(axis))
    let begin = 0
    for (const part of parts) {
      const length = sizeOf(part.shape.slice(axis))
      for (let from = 0, to = begin; from < part.data.length; from += length, to += row) {
        out.set(part.data.subarray(from, from + length), to)
      }
      begin += length
    }
    return out
  },
  gradient(b, op, dy) {
    const { axis } = op.attributes
    let end = 0
    return op.inputs.map((part) => {
      const begin = end
      end += part.shape[axis]!
      const stop = end
      return () => b.slice(dy, axis, begin, stop)
    })
  },
  onnx(g, op) {
    return g.op('Concat', g.names(op.inputs), { axis: op.attributes.axis })
  },
}
