import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { TemporaryFolder } from '@workers-builds/local-platform/folders'
import { createTemporaryFolder } from '@workers-builds/local-platform/folders'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser, openBrowser, seriousFaults, WITHOUT_BROWSER } from '../support/browser.ts'
import { createTenant, type Tenant } from '../support/tenant.ts'
import type { TestStack } from '../support/test-stack.ts'
import { useStack } from '../support/test-stack.ts'

/** What tests write here, builds can read. */
let signals: TemporaryFolder
const system = useStack('page', async () => {
  signals = await createTemporaryFolder('signals')
  await chmod(signals.path, 0o755)
  return { hasPage: true, readablePaths: [signals.path] }
})
afterAll(() => signals?.remove())

/** An account on it, with a Worker. */
const stack = {} as TestStack & Tenant
beforeAll(async () => void Object.assign(stack, system, await createTenant(system)))

if (!hasBrowser) console.log(`The page is not tested in a browser: ${WITHOUT_BROWSER}`)

/** What a hostile build prints: escape sequences, HTML, a link, a very long line. */
const HOSTILE = `
  console.log('\\x1b[36mcoloured\\x1b[0m line')
  console.log('\\x1b]8;;https://evil.example\\x07click me\\x1b]8;;\\x07<img src=x onerror="window.hacked = 1"><script>window.hacked = 1</script>')
  console.log('\\x1b[2J\\x1b[1;1Hclears nothing')
  for (let i = 0; i < 2_000; i++) console.log('filler ' + i)
  // Node drops what is not written yet when it ends with an exception.
  process.stdout.write('x'.repeat(1_000_000) + '\\n', () => require('./src/missing'))`

describe.skipIf(!hasBrowser)('the page', () => {
  let browser: Browser
  let context: BrowserContext
  let page: Page
  /** What the browser complains about: a policy that was broken, a script that failed. */
  const complaints: string[] = []

  beforeAll(async () => {
    browser = await openBrowser()
    context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
    page = await context.newPage()
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('console', (message) => {
      // A request that is refused is one that the page expects.
      if (message.type() === 'error' && !/status of 40[134]/.test(message.text())) {
        complaints.push(message.text())
      }
    })
  })

  afterAll(async () => {
    await browser?.close()
  })

  const open = (path: string) => page.goto(new URL(path, stack.url).href)

  async function signIn(token = stack.token) {
    await page.getByLabel('API token').fill(token)
    await page.getByRole('button', { name: 'Sign in' }).click()
  }

  test('asks who comes to sign in, refuses a wrong token, and leads back', async () => {
    await open(`/${stack.account_id}/builds?search=needle`)
    await signIn('wrong')
    await page.getByRole('alert').filter({ hasText: 'Authentication error' }).waitFor()
    expect(await seriousFaults(page)).toEqual([])
    await signIn()
    await page.getByRole('heading', { name: 'Builds' }).waitFor()
    expect(new URL(page.url()).search).toBe('?search=needle')
    const [cookie] = await context.cookies()
    expect(cookie).toMatchObject({ name: 'session', httpOnly: true, sameSite: 'Strict' })
    expect(await page.evaluate('document.cookie')).toBe('')
  })

  test('shows a build from its push to the reason why it failed, live', async () => {
    const go = join(signals.path, `go-${crypto.randomUUID()}`)
    const script = `
      const { existsSync } = require('fs')
      console.log('\\x1b[32mready\\x1b[0m')
      const timer = setInterval(() => {
        if (!existsSync(${JSON.stringify(go)})) return
        clearInterval(timer)
        console.log('going on')
        require('./src/balance')
      }, 50)`
    const { build_uuid } = await stack.pushScripts(
      { build: 'node b.js', deploy: 'true' },
      { files: { 'b.js': script } },
    )
    await open('/')
    await page.getByRole('link', { name: stack.script_name, exact: true }).click()
    await page
      .getByRole('link', { name: /Running|Starting|Queued/ })
      .first()
      .click()
    await page.waitForURL(new RegExp(`${build_uuid}$`))
    const log = page.getByRole('log')
    await log.getByText('ready', { exact: true }).waitFor()
    expect(await log.locator('.ansi-green').textContent()).toBe('ready')
    await page.getByText('Live: lines appear').waitFor()
    await writeFile(go, '')
    await log.getByText('going on').waitFor()
    await page.getByRole('heading', { name: 'does not exist' }).waitFor()
    await page
      .locator('.excerpt-decisive', { hasText: "Cannot find module './src/balance'" })
      .waitFor()
    await page.locator('.line-decisive', { hasText: './src/balance' }).waitFor()
    await page.getByText('New with this build').waitFor()
    expect(await page.getByRole('list', { name: 'Steps' }).textContent()).toMatch(
      /Queue.*Clone.*Build/s,
    )
    expect(await seriousFaults(page)).toEqual([])
  })

  test('shows a hostile log as text, finds lines in it, and keeps a place in its address', async () => {
    const { build_uuid } = await stack.pushScripts(
      { build: 'node b.js' },
      { files: { 'b.js': HOSTILE } },
    )
    await stack.api.waitUntil(build_uuid, 'stopped')
    const lines = await stack.api.readLog(build_uuid)
    await open(`/${stack.account_id}/builds/${build_uuid}`)
    await page.getByText(`${lines.length} lines. The log is complete.`).waitFor()
    await page.getByLabel('Search the log').fill('FILLER 1999')
    await page.getByText('1 of 1').waitFor()
    await page.keyboard.press('Enter')
    await page.locator('mark', { hasText: 'filler 1999' }).waitFor()
    await page.getByLabel('Search the log').fill('click me')
    await page.keyboard.press('Enter')
    const line = page.locator('.line', { hasText: 'click me' })
    expect(await line.locator('bdi').textContent()).toContain('click me<img src=x onerror')
    expect(await line.locator('bdi a, img, script').count()).toBe(0)
    expect(await page.evaluate('window.hacked')).toBeUndefined()

    const number = lines.indexOf('filler 1500') + 1
    await open(`/${stack.account_id}/builds/${build_uuid}#L${number}-L${number + 2}`)
    await page.locator('.line-selected', { hasText: 'filler 1501' }).waitFor()
    await page.reload()
    await page.locator('.line-selected', { hasText: 'filler 1502' }).waitFor()
    expect(await page.locator('.line').count()).toBeLessThan(200)
  })

  test("has nothing of another account's build", async () => {
    const other = await createTenant(stack)
    const { build_uuid } = await other.pushScripts({ build: 'exit 1' })
    await open(`/${stack.account_id}/builds/${build_uuid}`)
    await page.getByText('There is nothing here').waitFor()
    await open(`/${other.account_id}/builds/${build_uuid}`)
    await page.getByText('There is nothing here').waitFor()
  })

  test('narrows a list of builds down, and remembers how in its address', async () => {
    await open(`/${stack.account_id}/builds`)
    await page.getByLabel('Outcome').selectOption('success')
    await page.getByText('No build matches').waitFor()
    expect(new URL(page.url()).search).toBe('?build_outcome=success')
    await page.reload()
    await page.getByText('No build matches').waitFor()
    await page.getByLabel('Outcome').selectOption('fail')
    await page.locator('.row').first().waitFor()
    await page.getByText('More filters').click()
    await page.getByLabel('Author').fill('nobody of this name')
    await page.getByText('No build matches').waitFor()
    await page.getByLabel('Author').fill('')
    await page.getByLabel('Started by').selectOption('push_event')
    await page.getByLabel('From').fill('2020-01-01')
    await page.locator('.row').first().waitFor()
    await page.getByLabel('To').fill('2020-01-02')
    await page.getByText('No build matches').waitFor()
    expect(await seriousFaults(page)).toEqual([])
  })

  test('builds a branch by hand, and says what is wrong with one that is not there', async () => {
    const { commit } = await stack.pushScripts({ build: 'true' }, { branch: 'by-hand' })
    await open(`/${stack.account_id}/workers/${stack.script_tag}`)
    await page.getByText('a build of any branch').click()
    await page.getByText('the trigger builds branch by-hand').waitFor()
    await page.getByRole('button', { name: 'Purge the cache' }).first().click()
    await page.getByRole('button', { name: 'Cache purged' }).waitFor()
    await page.locator('.trigger').getByLabel('Branch').first().fill('nowhere')
    await page.getByRole('button', { name: 'Build', exact: true }).first().click()
    await page.getByRole('alert').filter({ hasText: 'no branch nowhere' }).waitFor()
    expect(await seriousFaults(page)).toEqual([])
    await page.locator('.trigger').getByLabel('Branch').first().fill('by-hand')
    await page.getByRole('button', { name: 'Build', exact: true }).first().click()
    await page.waitForURL(/\/builds\/[0-9a-f-]{36}$/)
    await page.getByText(commit.slice(0, 8)).first().waitFor()
  })

  test('retries a build, and without its cache too', async () => {
    await stack.sql`
      update triggers set build_caching_enabled = true where script_tag = ${stack.script_tag}`
    const first = await stack.pushScripts({ build: 'true', deploy: 'true' })
    await stack.api.waitUntil(first.build_uuid, 'stopped')
    await open(`/${stack.account_id}/builds/${first.build_uuid}`)
    const retry = async (button: string) => {
      const before = page.url()
      await page.getByRole('button', { name: button, exact: true }).click()
      await page.waitForURL((url) => url.href !== before)
      const build_uuid = page.url().slice(-36)
      expect(await stack.api.waitUntil(build_uuid, 'stopped')).toMatchObject({
        build_outcome: 'success',
        build_trigger_metadata: { build_trigger_source: 'retry' },
      })
      return (await stack.api.readLog(build_uuid)).join('\n')
    }
    expect(await retry('Retry')).toContain('restored from build cache')
    expect(await retry('Purge the cache and retry')).not.toContain('restored from build cache')
  })

  test('explains a log that is pasted, without sending it anywhere', async () => {
    await open('/explain')
    const requests: string[] = []
    page.on('request', (request) => requests.push(`${request.method()} ${request.url()}`))
    await page
      .getByLabel('Log', { exact: true })
      .fill(
        '> build\n> vite build\n\nerror during build:\nCould not resolve "./app.css" from "src/main.ts"\n',
      )
    await page.getByRole('button', { name: 'Explain' }).click()
    await page.locator('.excerpt-decisive', { hasText: 'Could not resolve' }).waitFor()
    expect(requests.filter((request) => !request.startsWith('GET '))).toEqual([])
    expect(await seriousFaults(page)).toEqual([])
  })

  test('has the documentation, which a refused request leads into', async () => {
    const refused = await fetch(`${stack.url}/client/v4/accounts/${stack.account_id}/builds/tokens`)
    const { errors } = (await refused.json()) as { errors: { documentation_url: string }[] }
    const stranger = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await stranger.goto(errors[0]?.documentation_url ?? '')
    const heading = stranger.getByRole('heading', { name: 'missing_token' })
    await heading.waitFor()
    await stranger.waitForFunction('scrollY > 0')
    expect((await heading.boundingBox())?.y).toBeLessThan(800)
    await stranger.getByRole('link', { name: 'Documentation' }).click()
    await stranger.getByLabel('Search').fill('unhealthy contain')
    await stranger.getByRole('listitem').first().waitFor()
    expect(await seriousFaults(stranger)).toEqual([])
    await stranger.getByLabel('Search').fill('network none')
    await stranger.getByRole('link', { name: 'Builds without network' }).click()
    await stranger.getByRole('heading', { name: 'Builds without network' }).waitFor()
    expect(await seriousFaults(stranger)).toEqual([])
    await stranger.close()
  })

  test('is usable on a narrow screen', async () => {
    await page.setViewportSize({ width: 360, height: 740 })
    for (const path of ['/', `/${stack.account_id}/builds`, '/explain', '/docs', '/docs/errors']) {
      await open(path)
      await page.getByRole('heading', { level: 1 }).waitFor()
      const isTooWide = 'document.documentElement.scrollWidth > innerWidth'
      expect(await page.evaluate(isTooWide), path).toBe(false)
    }
    await page.setViewportSize({ width: 1280, height: 800 })
  })

  test('signs out, and is asked again after its sign-in is over', async () => {
    await open(`/${stack.account_id}/builds`)
    await page.locator('.row').first().waitFor()
    await context.clearCookies()
    await page.getByRole('link', { name: 'Workers', exact: true }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await signIn()
    await page.getByRole('heading', { name: 'Workers' }).waitFor()
    await open(`/${stack.account_id}/builds`)
    await page.getByRole('heading', { name: 'Builds' }).waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await open('/')
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  })

  test('needs little JavaScript to show a build', async () => {
    const scripts = new Map<string, Promise<Buffer>>()
    page.on('response', (response) => {
      if (response.request().resourceType() === 'script')
        scripts.set(response.url(), response.body())
    })
    await open('/')
    await signIn()
    await page.locator('.row-build').first().click()
    await page.getByText('The log is complete').waitFor()
    const sizes = (await Promise.all(scripts.values())).map((body) => gzipSync(body).length)
    expect(sizes.length).toBeGreaterThan(2)
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(200 * 1024)
  })

  test('broke no rule of its own policy, and failed nowhere', () => {
    expect(complaints).toEqual([])
  })
})

test('the page is small, and its policy allows nothing but itself', async () => {
  const answer = await fetch(stack.url)
  expect(answer.headers.get('content-security-policy')).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  )
  const html = await answer.text()
  expect(html).not.toMatch(/<script(?![^>]* src=)|<style| style=| on\w+=/)
})
