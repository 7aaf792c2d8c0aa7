import * as ort from 'onnxruntime-node'
import { expect, it } from 'vitest'
import { registry, resolveParams } from '../layers/index.ts'
import type { AnyKind } from '../layers/registry.ts'
import { interpret } from './executors/reference.ts'
import { sizeOf } from './ops/primitive.ts'
import { Program } from './program.ts'
import { distinct, relativeError, runOnnx } from './testing.ts'

const SHAPE = [4, 6, 5, 5]

// 1000^2 has no digits left for a variance of 1 / 3 in float32
it.each(['batchnorm', 'layernorm', 'instancenorm', 'groupnorm'] as const)(
  '%s keeps its digits where the mean is large',
  async (name) => {
    const kind = registry[name] as AnyKind
    const { params } = resolveParams(kind, name === 'groupnorm' ? { groups: 2 } : {})
    const program = new Program()
    const x = program.input('x', SHAPE)
    const specs = kind.weights!(params, [SHAPE.slice(1)])
    const weights = Object.fromEntries(specs.map((spec) => [spec.name, program.input(spec.name, spec.shape)]))
    program.output('y', kind.forward(program, params, [x], weights, { training: true, stream: 0 }))
    const feeds = {
      x: distinct(sizeOf(SHAPE), 1, 999, 1001),
      ...Object.fromEntries(specs.map((spec) => [spec.name, new Float32Array(sizeOf(spec.shape)).fill(1)])),
      ...(program.inputs.has('shares') ? { shares: new Float32Array(4).fill(0.25) } : {}),
    }
    const wanted = interpret(program, feeds).y!.data
    const got = (await runOnnx(ort, program, feeds)).y!.data
    expect(relativeError(got, wanted)).toBeLessThan(5e-4)
  },
)
