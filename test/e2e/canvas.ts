import type { Locator, Page } from 'playwright-core'
import { openInBrowser } from './browser.ts'

/** The canvas as a person with a pointer and a keyboard has it. */
export function canvasOf(page: Page) {
  const point = async (of: Locator, x = 0.5, y = 0.5) => {
    const box = await of.boundingBox()
    if (!box) throw new Error('the element to point at is not on the screen')
    return { x: box.x + box.width * x, y: box.y + box.height * y }
  }
  const drag = async (from: { x: number; y: number }, to: { x: number; y: number }) => {
    await page.mouse.move(from.x, from.y)
    await page.mouse.down()
    await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 5 })
    await page.mouse.move(to.x, to.y, { steps: 5 })
    await page.mouse.up()
  }
  const layers = page.locator('.react-flow__node-layer')
  const blocks = page.locator('.react-flow__node-block')
  return {
    point,
    drag,
    layers,
    blocks,
    wires: page.locator('.react-flow__edge'),
    selected: page.locator('.react-flow__node.selected'),
    /** The node of a layer, by its name. */
    layer: (name: string) => layers.filter({ has: page.locator(`.node-head[title$=": ${name}"]`) }),
    /** The node of a closed block, by its name. */
    block: (name: string) => blocks.filter({ has: page.locator(`.node-head[title="${name}"]`) }),
    /** Names of the layers that are drawn, in their order. */
    names: async () => {
      const titles = await layers
        .locator('.node-head')
        .evaluateAll((heads) => heads.map((head) => head.getAttribute('title')))
      return titles.map((title) => title!.split(': ').at(-1)!)
    },
    head: (node: Locator) => node.locator('.node-head'),
    output: (node: Locator) => node.locator('.react-flow__handle.source'),
    input: (node: Locator) => node.locator('.react-flow__handle.target'),
    /** A place on the canvas with nothing near it. */
    free: async () => {
      const found = await page.evaluate(() => {
        const box = document.querySelector('.react-flow__pane')!.getBoundingClientRect()
        const empty = (x: number, y: number) =>
          document.elementFromPoint(x, y)?.classList.contains('react-flow__pane') === true
        for (let y = box.bottom - 60; y > box.top + 60; y -= 15)
          for (let x = box.left + 120; x < box.right - 200; x += 20) {
            const around = [-90, 0, 90, 170].every((dx) => [-45, 0, 45].every((dy) => empty(x + dx, y + dy)))
            if (around) return { x, y }
          }
        return null
      })
      if (!found) throw new Error('there is no free place on the canvas')
      return found
    },
    /** Opens a documented model from the gallery: the first that the words find, and which of its family. */
    open: async (words: string, variant?: string) => {
      await page.getByRole('searchbox').first().fill(words)
      const open = page.getByRole('button', { name: 'Open', exact: true })
      const card = page.locator('li, article').filter({ has: open }).first()
      if (variant) await card.getByRole('button', { name: variant, exact: true }).click()
      await card.locator(open).click()
      await page.locator('.react-flow__node').first().waitFor()
    },
  }
}

/** The built app in a browser, with a documented model on the canvas: see `open` for the words. */
export async function openModel(words: string, variant?: string) {
  const app = await openInBrowser()
  const canvas = canvasOf(app.page)
  await app.page.goto(app.url)
  await canvas.open(words, variant)
  return { app, page: app.page, canvas }
}
