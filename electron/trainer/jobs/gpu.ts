import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { GpuDescription } from '../../../core/engine/engines.ts'

/** PCI ids of who makes graphics devices. */
const VENDORS: Readonly<Record<string, string>> = {
  '0x10de': 'NVIDIA GPU',
  '0x1002': 'AMD GPU',
  '0x8086': 'Intel GPU',
  '0x106b': 'Apple GPU',
}

/** Software drivers of Vulkan, by what their files are called. */
const SOFTWARE: readonly (readonly [RegExp, string])[] = [
  [/swiftshader/i, 'SwiftShader (software)'],
  [/lvp/i, 'llvmpipe (software)'],
]

/** The machine's graphics device, from what the system says without a graphics driver being loaded. */
export function describeGpu(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  root = '/',
): GpuDescription {
  if (platform !== 'linux') return { name: 'GPU', software: false }
  const drivers = (env.VK_DRIVER_FILES || env.VK_ICD_FILENAMES || '').split(':').filter(Boolean)
  const software = drivers.map((file) => SOFTWARE.find(([pattern]) => pattern.test(basename(file)))?.[1])
  if (drivers.length > 0 && software.every((name) => name !== undefined)) {
    return { name: software[0]!, software: true }
  }
  const hardware = nvidiaName(root) ?? vendorName(root)
  if (hardware !== null) return { name: hardware, software: false }
  // without a device node, whatever the loader finds computes on the processor
  return names(join(root, 'dev')).includes('dxg')
    ? { name: 'GPU', software: false }
    : { name: 'software (no graphics hardware)', software: true }
}

/** Model of the first device of NVIDIA's driver. */
function nvidiaName(root: string): string | null {
  const folder = join(root, 'proc/driver/nvidia/gpus')
  const [first] = names(folder)
  if (first === undefined) return null
  return /^Model:\s*(.+)$/m.exec(read(join(folder, first, 'information')))?.[1]?.trim() ?? 'NVIDIA GPU'
}

function vendorName(root: string): string | null {
  const folder = join(root, 'sys/class/drm')
  const [first] = names(folder).filter((name) => name.startsWith('renderD'))
  if (first === undefined) return null
  return VENDORS[read(join(folder, first, 'device/vendor')).trim()] ?? 'GPU'
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch {
    return []
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
