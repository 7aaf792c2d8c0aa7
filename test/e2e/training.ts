import type { Page } from 'playwright-core'

const soon = { timeout: 30_000 }

/** The training screen and its dialog as a person has them, in English. */
export function trainingOf(page: Page) {
  const side = page.getByRole('complementary', { name: 'The run' })
  const dialog = page.getByRole('dialog', { name: /^Train “/ })
  return {
    side,
    dialog,
    /** Waits until the run stands so. */
    state: (name: string) => side.getByRole('status').getByText(name, { exact: true }).waitFor(soon),
    /** What the side panel says beside a name. */
    fact: (name: string) =>
      side
        .locator('.facts > div')
        .filter({ has: page.getByText(name, { exact: true }) })
        .locator('dd'),
    /** Opens the dialog from the editor, and waits until it has read the digits. */
    ask: async () => {
      await page.keyboard.press('Control+Enter')
      await dialog.getByText('10,000 images').first().waitFor(soon)
    },
  }
}
