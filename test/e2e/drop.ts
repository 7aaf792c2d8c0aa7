import type { Locator, Page } from 'playwright-core'

/**
 * Drags files and folders of this computer over an element and drops them there, as a person does: real events of the
 * browser, with files that lie on the disk. While they are held over it the browser goes on telling so, and where.
 * @param between looks at what shows while they are held
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
    await devtools.send('Input.dispatchDragEvent', { type: 'dragEnter', ...at, data })
    let held = true
    const looked = between().finally(() => {
      held = false
    })
    do {
      await devtools.send('Input.dispatchDragEvent', { type: 'dragOver', ...at, data })
      await new Promise((resolve) => setTimeout(resolve, 50))
    } while (held)
    await looked
    await devtools.send('Input.dispatchDragEvent', { type: 'drop', ...at, data })
  } finally {
    await devtools.detach()
  }
}
