/**
 * `npm run bench:ui` (after `npm run build`): how fast the window is, in Chromium, from the built app. Prints a table: frames a
 * second while panning, zooming and dragging at 100 to 3,000 layers, the time to open deep networks and to lay out 500
 * layers, from the start of the page to a gallery that answers, and how fast a run trains while its charts are open,
 * against the same run without a window. `--quick` measures for a shorter time, `--only surface` or `--only charts` a part,
 * `--pairs 3` fewer runs with charts.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium, type Page } from 'playwright-core'
import { layoutGraph } from '../core/commands/layout.ts'
import { createDocument, serializeDocument } from '../core/network/document.ts'
import type { Layer, NetworkDocument, Wire } from '../core/network/schema.ts'
import { chromiumLaunch } from '../test/chromium.ts'
import { chartsLines } from './bench-charts.ts'

const { quick, only, pairs } = parseArgs({
  options: { quick: { type: 'boolean' }, only: { type: 'string' }, pairs: { type: 'string' } },
}).values
if (only !== undefined && only !== 'surface' && only !== 'charts') {
  throw new Error(`--only is surface or charts, not ${only}`)
}
const PAIRS = Number(pairs ?? (quick ? 1 : 7))
if (!Number.isInteger(PAIRS) || PAIRS < 1)
  throw new Error(`--pairs is a number of pairs of runs, not ${pairs}`)
const EPOCHS = quick ? 6 : 20
const SECONDS = quick ? 1 : 3
const SIZES = [100, 500, 1000, 3000]

/** A flat network: residual units of four layers, one behind the other. */
function network(count: number, drawn: boolean): NetworkDocument {
  const layers: Layer[] = []
  const wires: Wire[] = []
  const add = (
    kind: string,
    params: Record<string, unknown>,
    from: readonly (Layer | undefined)[],
  ): Layer => {
    const n = layers.length
    const layer = { id: `l${n}`, kind, kindVersion: 1, name: `${kind}${n}`, params, position: { x: n, y: n } }
    for (const source of from)
      if (source)
        wires.push({
          id: `w${wires.length}`,
          from: { layer: source.id, port: 'out' },
          to: { layer: layer.id, port: 'in' },
        })
    layers.push(layer)
    return layer
  }
  let last = add('input', { shape: [16, 32, 32] }, [])
  while (layers.length + 4 <= count) {
    const conv = add('conv2d', { filters: 16, padding: 'same' }, [last])
    const norm = add('batchnorm', {}, [conv])
    const sum = add('add', {}, [norm, last])
    last = add('relu', {}, [sum])
  }
  if (drawn) {
    const boxes = layers.map(({ id }) => ({ id, width: 148, height: 100 }))
    const edges = wires.map((wire) => [wire.from.layer, wire.to.layer] as const)
    const places = layoutGraph({ boxes, edges }, { width: 1200, height: 700 })
    for (const layer of layers) layer.position = { ...places[layer.id]! }
  }
  return { ...createDocument(`${count} layers`), nextId: count * 4, layers, wires }
}

let dropped = 0

/** Lets a file fall into the window, and waits until its layers are painted. Gives the time that took, in ms. */
function drop(page: Page, document: NetworkDocument): Promise<number> {
  const text = serializeDocument(document)
  return page.evaluate(
    async ([content, name]) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([content!], name!, { type: 'application/json' }))
      const start = performance.now()
      window.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, cancelable: true }))
      const frame = () => new Promise(requestAnimationFrame)
      while (!globalThis.document.querySelector('.document-name')?.textContent?.startsWith(name!))
        await frame()
      await frame()
      return performance.now() - start
    },
    [text, `bench-${++dropped}.layerloom`],
  )
}

interface Frames {
  readonly fps: number
  /** The frame that 95 of 100 are shorter than, in ms. */
  readonly slow: number
}

/** Counts frames while something is done. */
async function frames(page: Page, action: (until: number) => Promise<void>): Promise<Frames> {
  await page.evaluate(() => {
    const times: number[] = []
    Object.assign(window, { benchFrames: times })
    const tick = (at: number) => {
      times.push(at)
      if ((window as unknown as { benchFrames: unknown }).benchFrames === times) requestAnimationFrame(tick)
    }
    requestAnimationFrame(tick)
  })
  await action(Date.now() + SECONDS * 1000)
  const times = await page.evaluate(() => {
    const { benchFrames } = window as unknown as { benchFrames: number[] }
    Object.assign(window, { benchFrames: null })
    return benchFrames
  })
  const gaps = times.slice(1).map((at, i) => at - times[i]!)
  const whole = gaps.reduce((sum, gap) => sum + gap, 0)
  const slow = gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length * 0.95)] ?? Number.NaN
  return { fps: (1000 * gaps.length) / whole, slow }
}

async function surface(page: Page, count: number): Promise<string[]> {
  const opened = await drop(page, network(count, true))
  await page.waitForTimeout(500)
  const box = (await page.locator('.react-flow__pane').boundingBox())!
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  await page.keyboard.press('Control+0')
  await page.waitForTimeout(500)
  const sweep = async (until: number) => {
    for (let i = 0; Date.now() < until; i++) {
      const angle = i / 14
      await page.mouse.move(middle.x + 160 * Math.sin(angle), middle.y + 110 * Math.cos(angle))
    }
  }
  // where nothing but the canvas itself takes the pointer
  const free = await page.evaluate(() => {
    const pane = document.querySelector('.react-flow__pane')!.getBoundingClientRect()
    for (let y = pane.top + 70; y < pane.bottom - 50; y += 7)
      for (let x = pane.left + 40; x < pane.right - 40; x += 9)
        if (document.elementFromPoint(x, y)?.classList.contains('react-flow__pane')) return { x, y }
    return null
  })
  if (!free) throw new Error('the canvas shows no free place to begin panning')
  await page.mouse.move(free.x, free.y)
  await page.mouse.down()
  const pan = await frames(page, sweep)
  await page.mouse.up()
  await page.mouse.move(middle.x, middle.y)
  const zoom = await frames(page, async (until) => {
    for (let i = 0; Date.now() < until; i++) await page.mouse.wheel(0, i % 24 < 12 ? 60 : -60)
  })
  await page.keyboard.press('Control+0')
  await page.waitForTimeout(500)
  const node = await page.evaluate(() => {
    for (const head of document.querySelectorAll('.react-flow__node .node-head')) {
      const { left, top, width, height } = head.getBoundingClientRect()
      const at = { x: left + width / 2, y: top + height / 2 }
      if (document.elementFromPoint(at.x, at.y)?.closest('.node-head') === head) return at
    }
    return null
  })
  if (!node) throw new Error('the canvas shows no layer to drag')
  await page.mouse.move(node.x, node.y)
  await page.mouse.down()
  const drag = await frames(page, sweep)
  await page.mouse.up()
  await page.keyboard.press('Control+z')
  const write = ({ fps, slow }: Frames) => `${fps.toFixed(0)} (${slow.toFixed(0)} ms)`
  return [String(count), write(pan), write(zoom), write(drag), `${opened.toFixed(0)} ms`]
}

/** From a click on Open in the gallery to painted layers, in ms. */
async function openModel(page: Page, words: string): Promise<{ ms: number; nodes: number }> {
  await page.reload()
  await page.getByRole('searchbox').first().fill(words)
  await page.getByRole('button', { name: 'Open', exact: true }).first().waitFor()
  await page.waitForTimeout(800)
  return page.evaluate(async () => {
    const buttons = [...document.querySelectorAll('button')]
    const start = performance.now()
    buttons.find((button) => button.textContent === 'Open')!.click()
    const frame = () => new Promise(requestAnimationFrame)
    while (!document.querySelector('.react-flow__node')) await frame()
    await frame()
    return { ms: performance.now() - start, nodes: document.querySelectorAll('.react-flow__node').length }
  })
}

/** From the keys for arranging 500 layers to their new places, in ms. */
async function layout(page: Page): Promise<number> {
  await drop(page, network(500, false))
  await page.waitForTimeout(500)
  return page.evaluate(async () => {
    const place = () => document.querySelector('.react-flow__node[data-id="l5"]')?.getAttribute('style')
    const before = place()
    const start = performance.now()
    window.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'L', code: 'KeyL', ctrlKey: true, shiftKey: true, bubbles: true }),
    )
    while (place() === before) await new Promise(requestAnimationFrame)
    return performance.now() - start
  })
}

/** Prints what a person waits for, and how smooth what moves is. */
async function measureSurface(page: Page): Promise<void> {
  await page.goto(serving.url)
  await page.getByRole('button', { name: 'Open', exact: true }).first().waitFor()
  const usable: number[] = []
  for (let i = 0; i < 3; i++) {
    await page.reload({ waitUntil: 'commit' })
    await page.getByRole('button', { name: 'Open', exact: true }).first().waitFor()
    usable.push(await page.evaluate(() => performance.now()))
  }
  console.log(`window to usable: ${usable.map((ms) => ms.toFixed(0)).join(', ')} ms`)
  for (const words of ['ResNet-152', '1001', 'DenseNet-264']) {
    const runs = [await openModel(page, words), await openModel(page, words), await openModel(page, words)]
    console.log(
      `open ${words}: ${runs.map(({ ms }) => ms.toFixed(0)).join(', ')} ms, ${runs[0]!.nodes} nodes`,
    )
  }
  const layouts = [await layout(page), await layout(page), await layout(page)]
  console.log(`lay out 500 layers: ${layouts.map((ms) => ms.toFixed(0)).join(', ')} ms`)
  console.log(
    'layers | pan | zoom | drag: frames a second (95% of frames are shorter than) | opening the file',
  )
  for (const count of SIZES) console.log((await surface(page, count)).join(' | '))
}

const home = await mkdtemp(join(tmpdir(), 'layerloom-bench-'))
const { serve } = (await import(join(process.cwd(), 'out/main/loopback.js'))) as {
  serve(options: {
    port: number
    host: string
    runsDir: string
  }): Promise<{ url: string; close(): Promise<void> }>
}
const runsDir = join(home, 'runs')
const serving = await serve({ port: 0, host: '127.0.0.1', runsDir })
const browser = await chromium.launch(chromiumLaunch())
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-US' })
  // the window asks before edits are lost
  page.on('dialog', (dialog) => void dialog.accept())
  const load = () => loadavg()[0]!.toFixed(1)
  console.log(
    `${cpus().length} cores, ${cpus()[0]?.model.trim()}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, no GPU; load ${load()} before`,
  )
  if (only !== 'charts') await measureSurface(page)
  if (only !== 'surface') {
    const { url } = serving
    for (const line of await chartsLines({ browser, page, url, runsDir, pairs: PAIRS, epochs: EPOCHS }))
      console.log(line)
  }
  console.log(`load ${load()} after`)
} finally {
  await browser.close()
  await serving.close()
  await rm(home, { recursive: true, force: true })
}
