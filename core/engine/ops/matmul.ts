import { type Primitive, refuse, show, sizeOf } from './primitive.ts'

export interface MatmulAttributes {
  /** Whether the first operand is stored transposed, [K, M]. */
  readonly a: boolean
  /** Whether the second operand is stored transposed, [N, K]. */
  readonly b: boolean
}

/** [M, K] x [K, N]. */
export const matmul: Primitive<MatmulAttributes> = {
  name: 'matmul',
  shape([a, b], transposed) {
    if (a!.length !== 2 || b!.length !== 2) {
      refuse('matmul', 'two operands of rank 2', `${show(a!)} and ${show(b!)}`)
    }
    const [m, k] = transposed.a ? [a![1]!, a![0]!] : [a![0]!, a![1]!]
    const [rows, n] = transposed.b ? [b![1]!, b![0]!] : [b![0]!, b![1]!]
    if (k !== rows) refuse('matmul', `${k} rows in the second operand`, `${rows} (${show(a!)} x ${show(b!)})`)
    return [m, n]
  },
  evaluate([a, b], transposed, shape) {
    const [m, n] = shape as [number, number]
    const k = sizeOf(a!.shape) / m
    const [aRow, aColumn] = transposed.a ? [1, m] : [k, 1]
    const [bRow, bColumn] = transposed.b ? [1, k] : [n, 1]
    const out = new Float64Array(m * n)
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let total = 0
        for (let q = 0; q < k; q++)
          total += a!.data[i * aRow + q * aColumn]! * b!.data[q * bRow + j * bColumn]!
        out[i * n + j] = total
      }
    }
    return out
  },
  gradient(g, op, dy) {
    const [a, b] = op.inputs as [typeof dy, typeof dy]
    const t = op.attributes
    return [
      () => (t.a ? g.matmul(b, dy, { a: t.b, b: true }) : g.matmul(dy, b, { b: !t.b })),
      () => (t.b ? g.matmul(dy, a, { a: true, b: t.a }) : g.matmul(a, dy, { a: !t.a })),
    ]
  },
  onnx(g, op) {
    const { a, b } = op.attributes
    return g.op('Gemm', g.names(op.inputs), { transA: a ? 1 : 0, transB: b ? 1 : 0 })
  },
}
