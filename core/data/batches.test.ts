import { describe, expect, test } from 'vitest'
import { batchCount, epochOrder, fillBatch } from './batches.ts'

const indices = Int32Array.from({ length: 50 }, (_, i) => 2 * i)

describe('batches', () => {
  test('an epoch has every sample once, in an order of its own', () => {
    const orders = [0, 1, 2].map((epoch) => epochOrder(indices, 5, epoch))
    for (const order of orders) expect([...order].sort((a, b) => a - b)).toEqual([...indices])
    expect(orders[0]).not.toEqual(orders[1])
    expect(orders[1]).not.toEqual(orders[2])
    expect(epochOrder(indices, 5, 1)).toEqual(orders[1])
    expect(epochOrder(indices, 6, 1)).not.toEqual(orders[1])
  })

  test('the last one is padded, and old content does not shine through', () => {
    const write = (sample: number, target: Float32Array, offset: number): void => {
      target.fill(sample, offset, offset + 3)
    }
    const labels = Int32Array.from({ length: 10 }, (_, i) => i % 4)
    const order = Int32Array.of(9, 2, 7, 5, 3)
    const target = { images: new Float32Array(6).fill(99), labels: new Int32Array(2).fill(99) }
    expect(batchCount(order.length, 2)).toBe(3)
    expect(fillBatch(write, labels, order, 0, target)).toBe(2)
    expect([...target.images]).toEqual([9, 9, 9, 2, 2, 2])
    expect([...target.labels]).toEqual([1, 2])
    expect(fillBatch(write, labels, order, 2, target)).toBe(1)
    expect([...target.images]).toEqual([3, 3, 3, 0, 0, 0])
    expect([...target.labels]).toEqual([3, 0])
    expect(fillBatch(write, labels, order, 3, target)).toBe(0)
    expect([...target.images]).toEqual([0, 0, 0, 0, 0, 0])
  })
})
