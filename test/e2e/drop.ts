import type { Locator, Page } from 'playwright-core'

/**
 * Drags files and folders of this computer over an element and drops them there, as a person does: real events of the
 * browser, with files that lie on the disk.
 * @param between looks at what shows while they are dragged
 */
export async function dropFiles(
  page: Page,
  onto: Locator,
  files: readonly string[],
  between: () => Promise<void> = async () => undefined,
): Promise<void> {
  const box = (await onto.boundingBox())!
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  const devtools = await page.context().newCDPSession(page)
  const data = { items: [], files: [...files], dragOperationsMask: 1 }
  try {
    for (const type of ['dragEnter', 'dragOver'] as const) {
      await devtools.send('Input.dispatchDragEvent', { type, ...at, data })
    }
    await between()
    await devtools.send('Input.dispatchDragEvent', { type: 'drop', ...at, data })
  } finally {
    await devtools.detach()
  }
}
