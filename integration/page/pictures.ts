/**
 * `pnpm pictures [FOLDER]`: pictures of the page's main views, light at 1,440 pixels and dark at 390,
 * of a system in which two projects were pushed; as PNG files in FOLDER (`pictures` unless given).
 */
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { startStack } from '@workers-builds/local/stack'
import { createTemporaryFolder } from '@workers-builds/local-platform/folders'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { openApi } from '../support/api-client.ts'
import { openBrowser } from '../support/browser.ts'
import { createProject } from '../support/git-project.ts'
import { TEST_PROJECT } from '../support/test-project.ts'

const { positionals } = parseArgs({ allowPositionals: true })
const target = resolve(positionals[0] ?? 'pictures')

const SIZES: Record<string, BrowserContextOptions> = {
  wide: { viewport: { width: 1_440, height: 900 }, colorScheme: 'light' },
  narrow: { viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
}

type Builds = { good: string; failed: string }

/** The views, in the order in which somebody comes to them. */
const VIEWS: Record<string, (page: Page, builds: Builds) => Promise<unknown>> = {
  'sign-in': (page) => open(page, '/sign-in'),
  workers: async (page) => {
    await page.getByLabel('API token').fill(stack.token)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.locator('.row').first().waitFor()
  },
  worker: (page) => open(page, `/${stack.account_id}/workers/${stack.script_tag}`),
  triggers: (page) => page.getByText('a build of any branch').click(),
  builds: (page) => open(page, `/${stack.account_id}/builds`),
  filters: (page) => page.getByText('More filters').click(),
  'failed-build': async (page, { failed }) => {
    await open(page, `/${stack.account_id}/builds/${failed}`)
    await page.locator('.explanation').waitFor()
  },
  log: (page) => page.locator('.line-decisive').first().scrollIntoViewIfNeeded(),
  'good-build': (page, { good }) => open(page, `/${stack.account_id}/builds/${good}`),
  explain: (page) => open(page, '/explain'),
  docs: (page) => open(page, '/docs'),
  'docs-page': (page) => open(page, '/docs/isolation'),
}

// What was started ends with us.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const folder = await createTemporaryFolder('pictures')
const stack = await startStack({ dir: folder.path, project: TEST_PROJECT, hasPage: true })
try {
  mkdirSync(target, { recursive: true })
  const good = await push('main', { build: 'echo "The quills are sharp"', deploy: 'true' })
  const failed = await push('feature/prices', { build: 'node build.js' }, "require('./src/price')")
  const browser = await openBrowser()
  for (const [size, options] of Object.entries(SIZES)) {
    const context = await browser.newContext(options)
    const page = await context.newPage()
    const take = async (name: string) => {
      await page.waitForLoadState('networkidle')
      await page.screenshot({ path: join(target, `${name}-${size}.png`) })
    }
    for (const [name, show] of Object.entries(VIEWS)) {
      await show(page, { good, failed })
      await take(name)
    }
  }
  await browser.close()
  console.log(`The pictures are in ${target}`)
} finally {
  await stack.stop()
  await folder.remove()
}

async function open(page: Page, path: string): Promise<void> {
  await page.goto(new URL(path, stack.url).href)
  await page.getByRole('heading', { level: 1 }).waitFor()
}

/** Pushes a project with these scripts; answers its build, once it is explained or was good. */
async function push(branch: string, scripts: Record<string, string>, script = ''): Promise<string> {
  const project = await createProject({
    branch,
    files: {
      'package.json': { name: 'quills', private: true, scripts },
      ...(script !== '' && { 'build.js': script }),
    },
  })
  const commit = await project.push(stack.git_remote)
  await project.remove()
  const api = openApi(stack)
  const { build_uuid } = await api.findBuild(commit)
  await api.waitUntil(build_uuid, 'stopped')
  if (script !== '') await api.waitForScan(build_uuid)
  return build_uuid
}
