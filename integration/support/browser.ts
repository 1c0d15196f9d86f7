/** Debian's Chromium, or the one that CHROMIUM names; tests that need it are skipped without. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { chromium } from 'playwright-core'

const PATH = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

export const hasBrowser = existsSync(PATH)

export const WITHOUT_BROWSER = `there is no Chromium at ${PATH} (CHROMIUM names another place)`

export async function openBrowser(): Promise<Browser> {
  return await chromium.launch({
    executablePath: PATH,
    // Root has no sandbox; the pages are ours.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
}

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** What axe-core finds serious or critical on a page, by rule and element. */
export async function seriousFaults(page: Page): Promise<string[]> {
  // The page's policy allows no script but its own; the browser's own tools are not bound by it.
  const source = await readFile(AXE, 'utf8')
  return await page.evaluate(async (code) => {
    const run = new Function(`${code}; return window['axe'].run()`)
    const { violations } = await run()
    return violations
      .filter(({ impact }: { impact: string }) => ['serious', 'critical'].includes(impact))
      .flatMap(({ id, nodes }: { id: string; nodes: { target: string[] }[] }) =>
        nodes.map(({ target }) => `${id}: ${target.join(' ')}`),
      )
  }, source)
}
