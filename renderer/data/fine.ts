/** Whether pictures of a shape have more pixels than the side they are shown at, so that these are no squares. */
export const isFine = (shape: readonly number[], side: number): boolean => (shape.at(-1) ?? 1) > side
