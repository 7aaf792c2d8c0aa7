/**
 * `node scripts/package/icons.mjs` draws electron/icons from icon.svg: PNGs for Linux, icon.ico for Windows, icon.icns
 * for macOS. The three are checked in, so that packaging needs neither a browser nor a download.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { chromiumLaunch } from '../../test/chromium.ts'

const folder = join(import.meta.dirname, '../../electron/icons')
/** Apple's four-letter types of the icon sizes that hold PNGs. */
const appleTypes = { 32: 'ic11', 64: 'ic12', 128: 'ic07', 256: 'ic08', 512: 'ic09', 1024: 'ic10' }
const sizes = [16, 32, 48, 64, 128, 256, 512, 1024]

async function draw() {
  const browser = await chromium.launch(chromiumLaunch())
  const page = await browser.newPage()
  const svg = readFileSync(join(folder, 'icon.svg'), 'utf8')
  const images = new Map()
  for (const size of sizes) {
    await page.setViewportSize({ width: size, height: size })
    await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px}</style>${svg}`)
    images.set(size, await page.screenshot({ omitBackground: true }))
  }
  await browser.close()
  return images
}

/** Windows: a directory of images, then the images (ICONDIR, ICONDIRENTRY); 0 stands for 256. */
function ico(images) {
  const entries = [...images].filter(([size]) => size <= 256)
  const head = Buffer.alloc(6 + 16 * entries.length)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(entries.length, 4)
  let offset = head.length
  for (const [index, [size, png]] of entries.entries()) {
    const at = 6 + 16 * index
    head.writeUInt8(size % 256, at)
    head.writeUInt8(size % 256, at + 1)
    head.writeUInt16LE(1, at + 4)
    head.writeUInt16LE(32, at + 6)
    head.writeUInt32LE(png.length, at + 8)
    head.writeUInt32LE(offset, at + 12)
    offset += png.length
  }
  return Buffer.concat([head, ...entries.map(([, png]) => png)])
}

/** macOS: `icns`, the length of all, then type, length and bytes of each image. */
function icns(images) {
  const part = (type, bytes) => {
    const head = Buffer.from(`${type}\0\0\0\0`)
    head.writeUInt32BE(8 + bytes.length, 4)
    return Buffer.concat([head, bytes])
  }
  const parts = Object.entries(appleTypes).map(([size, type]) => part(type, images.get(Number(size))))
  return part('icns', Buffer.concat(parts))
}

const images = await draw()
for (const [size, png] of images) writeFileSync(join(folder, `${size}x${size}.png`), png)
writeFileSync(join(folder, 'icon.ico'), ico(images))
writeFileSync(join(folder, 'icon.icns'), icns(images))
