import type { Page } from 'playwright-core'

/** What a program that is given a figure sees of it, found out by a browser. */

/** Texts of an SVG, the colour of its paper, and whether all of it stands on the paper and nothing comes from elsewhere. */
export const readSvg = (page: Page, source: string) =>
  page.evaluate((text) => {
    const svg = new DOMParser().parseFromString(text, 'image/svg+xml')
    const root = document.adoptNode(svg.documentElement) as unknown as SVGSVGElement
    document.body.append(root)
    const view = root.viewBox.baseVal
    const inside = [...root.querySelectorAll<SVGGraphicsElement>('text, path, rect, circle')].every(
      (each) => {
        const box = each.getBBox()
        return (
          box.x >= view.x - 1 &&
          box.y >= view.y - 1 &&
          box.x + box.width <= view.x + view.width + 1 &&
          box.y + box.height <= view.y + view.height + 1
        )
      },
    )
    const texts = [...root.querySelectorAll('text')].map((each) => each.textContent)
    const paper = root.querySelector('rect')!.getAttribute('fill')
    root.remove()
    return { texts, paper, whole: inside && !/href|url\(|<image|@import|<script/.test(text) }
  }, source)

/** Size of a PNG, its first pixel, how many kinds of colour it has and which share of it is not paper. */
export const readPng = (page: Page, bytes: Uint8Array) =>
  page.evaluate(
    async (all) => {
      const image = await createImageBitmap(new Blob([new Uint8Array(all)], { type: 'image/png' }))
      const canvas = new OffscreenCanvas(image.width, image.height)
      const context = canvas.getContext('2d')!
      context.drawImage(image, 0, 0)
      const { data } = context.getImageData(0, 0, image.width, image.height)
      const colours = new Set<string>()
      let drawn = 0
      for (let i = 0; i < data.length; i += 4) {
        const [r, g, b] = [data[i]!, data[i + 1]!, data[i + 2]!]
        if (r + g + b < 700) drawn++
        colours.add(`${r >> 5} ${g >> 5} ${b >> 5}`)
      }
      const share = drawn / (data.length / 4)
      return { width: image.width, corner: [...data.slice(0, 4)], colours: colours.size, share }
    },
    [...bytes],
  )
