/** How a lowered training step keeps the trained weights, and optimizer state alike. */
export interface Storage {
  /** Number of values kept. */
  readonly size: number
  /** From the order of the parameter layout; a copy. */
  pack(plain: Float32Array): Float32Array
  /** Back to the order of the parameter layout; a copy. */
  unpack(packed: Float32Array): Float32Array
  /** Whether values that belong to no weight are 0, as they must stay. */
  isClean(packed: Float32Array): boolean
}

/** Weights lie as in the parameter layout. */
export const plainStorage = (size: number): Storage => ({
  size,
  pack: (plain) => plain.slice(),
  unpack: (packed) => packed.slice(),
  isClean: () => true,
})
