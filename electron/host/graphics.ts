import { describeGpu } from '../trainer/jobs/gpu.ts'

/** Whether a graphics device may compute here; on Linux by what the system says of itself, elsewhere it may. */
export const hasGraphics = (): boolean => !describeGpu().software
