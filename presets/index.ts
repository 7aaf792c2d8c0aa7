import { lenet5 } from './lenet5.ts'
import { lenet5Modern } from './lenet5-modern.ts'
import type { Preset } from './preset.ts'

/** Every documented model, by year and then by id. */
export const presets: readonly Preset[] = [lenet5, lenet5Modern]

/** The preset of that id; undefined for one that does not exist. */
export const presetOf = (id: string): Preset | undefined => presets.find((preset) => preset.id === id)
