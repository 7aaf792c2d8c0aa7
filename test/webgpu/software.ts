import { existsSync } from 'node:fs'
import { dirname } from 'node:path'

/** Where browsers keep the software Vulkan driver SwiftShader. */
const drivers = [
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/usr/lib/chromium-browser/vk_swiftshader_icd.json',
  '/opt/google/chrome/vk_swiftshader_icd.json',
]

/**
 * Environment in which a process finds a GPU that is made of software: the driver that came with the browser, and beside
 * it Vulkan's loader. Null where there is no such driver.
 */
export function softwareGpu(): NodeJS.ProcessEnv | null {
  const driver = drivers.find((file) => existsSync(file))
  if (driver === undefined) return null
  const libraries = [dirname(driver), ...(process.env.LD_LIBRARY_PATH ?? '').split(':')].filter(Boolean)
  return { ...process.env, VK_ICD_FILENAMES: driver, LD_LIBRARY_PATH: libraries.join(':') }
}
