/**
 * `pnpm bench:page [--lines N]`: what it takes to look at a long log in a browser.
 *
 * A real build writes N lines (100,000 unless it says otherwise), every hundredth as long as a line may be,
 * and fails. A new browser opens its page, signed in. Prints, last, one line of JSON:
 *
 * - `first_line_ms`: from opening the address to the first line on screen.
 * - `reason_ms`: to the decisive line on screen, once all of the log was read.
 * - `heap_mb`: of the page's JavaScript, after a collection; `nodes` in its document.
 * - `frames_a_second`: while it scrolls through the log for five seconds, and `longest_frame_ms`.
 * - `search_ms`: from the last key to the number of lines that match.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startStack } from '@workers-builds/local/stack'
import { createTemporaryFolder } from '@workers-builds/local-platform/folders'
import type { Page } from 'playwright-core'
import { openApi } from '../support/api-client.ts'
import { openBrowser } from '../support/browser.ts'
import { createProject } from '../support/git-project.ts'
import { TEST_PROJECT } from '../support/test-project.ts'

const { values } = parseArgs({ options: { lines: { type: 'string', default: '100000' } } })
const LINES = Number(values.lines)
const LONG_LINE = 8_192
const SCROLL_MS = 5_000

/** Runs in the page: scrolls from the log's beginning towards its end, and times the frames. */
const SCROLL = `new Promise((resolve) => {
  const log = document.querySelector('.log-lines')
  log.scrollTop = 0
  const frames = []
  const began = performance.now()
  let last = began
  const step = (now) => {
    frames.push(now - last)
    last = now
    log.scrollTop += 400
    if (now - began < ${SCROLL_MS}) requestAnimationFrame(step)
    else resolve(frames)
  }
  requestAnimationFrame(step)
})`

// What was started ends with us.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const folder = await createTemporaryFolder('page')
const stack = await startStack({ dir: folder.path, project: TEST_PROJECT, hasPage: true })
try {
  console.log(JSON.stringify(await bench()))
} finally {
  await stack.stop()
  await folder.remove()
}

async function bench() {
  const { build_uuid, line_count } = await buildLongLog()
  const browser = await openBrowser()
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.goto(stack.url)
    await page.getByLabel('API token').fill(stack.token)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.locator('.row').first().waitFor()
    const began = performance.now()
    await page.goto(`${stack.url}/${stack.account_id}/builds/${build_uuid}`)
    await page.locator('.line').first().waitFor()
    const first_line_ms = performance.now() - began
    await page.locator('.line-decisive').waitFor({ timeout: 120_000 })
    const reason_ms = performance.now() - began
    await page.getByText(`${line_count} lines`).waitFor()
    const memory = await measureMemory(page)
    const scrolling = await measureScrolling(page)
    const search_ms = await measureSearch(page)
    return {
      lines: line_count,
      first_line_ms: Math.round(first_line_ms),
      reason_ms: Math.round(reason_ms),
      ...memory,
      ...scrolling,
      search_ms: Math.round(search_ms),
    }
  } finally {
    await browser.close()
  }
}

async function buildLongLog() {
  const script = `
    const { once } = require('events')
    async function main() {
      for (let i = 0; i < ${LINES}; i++) {
        const text = i % 100 === 0 ? 'x'.repeat(${LONG_LINE - 20}) : 'transforming src/components/component-' + i
        if (!process.stdout.write('\\x1b[36m' + i + '\\x1b[0m ' + text + '\\n')) await once(process.stdout, 'drain')
      }
      require('./src/missing')
    }
    main().catch((error) => { console.error(error); process.exit(1) })`
  const project = await createProject({
    files: {
      'package.json': { name: 'p', private: true, scripts: { build: 'node b.js' } },
      'b.js': script,
    },
  })
  const commit = await project.push(stack.git_remote)
  await project.remove()
  const api = openApi(stack)
  const { build_uuid } = await api.findBuild(commit)
  await api.waitForScan(build_uuid)
  return { build_uuid, line_count: (await api.readLog(build_uuid)).length }
}

async function measureMemory(page: Page) {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  await session.send('Performance.enable')
  const { metrics } = await session.send('Performance.getMetrics')
  const metric = (name: string) => metrics.find((one) => one.name === name)?.value ?? Number.NaN
  return {
    heap_mb: Math.round(metric('JSHeapUsedSize') / 1024 / 1024),
    nodes: metric('Nodes'),
  }
}

async function measureScrolling(page: Page) {
  const frames = (await page.evaluate(SCROLL)) as number[]
  return {
    frames_a_second: Math.round((frames.length / SCROLL_MS) * 1_000),
    longest_frame_ms: Math.round(Math.max(...frames)),
  }
}

async function measureSearch(page: Page): Promise<number> {
  const field = page.getByLabel('Search the log')
  await field.fill(`component-${LINES - 1}`.slice(0, -1))
  await pause(2_000)
  const began = performance.now()
  await field.press('9')
  const found = page.locator('output')
  while ((await found.textContent()) !== '1 of 1') await pause(5)
  return performance.now() - began
}
