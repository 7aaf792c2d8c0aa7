import type { Shape } from './kind.ts'

/** Number of elements of a shape. */
export const product = (shape: Shape): number => shape.reduce((all, n) => all * n, 1)

/** `16×5×5`, as people read it on a wire. */
export const showShape = (shape: Shape): string => shape.join('×')
