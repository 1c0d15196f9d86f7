/**
 * Records the logs of the recipes with the real tools: all, or those whose names begin with an
 * argument. It works in a neutral folder, and writes no host, path or name of this machine.
 *
 *     pnpm --filter @workers-builds/error-detection run fixtures [NAME…]
 *
 * @module
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { RECIPES } from './index.ts'
import type { Recipe } from './recipe.ts'
import { logName } from './recipe.ts'

const HOME = '/opt/buildhome'
const REPO = `${HOME}/repo`
const LOGS = join(import.meta.dirname, '../fixtures')

/** Longest time that one recipe may take. */
const LIMIT_MS = 900_000

const registry = spawnSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).stdout.trim()

/** Certificates that the network of this machine may ask for. */
const certificates = Object.fromEntries(
  ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR'].flatMap((name) => {
    const value = process.env[name]
    return value ? [[name, value]] : []
  }),
)

/** Not where its letters are part of a word. */
const HOST_NAME = new RegExp(`\\b${hostname().replaceAll('.', '\\.')}\\b`, 'g')

/** What the tools see of this machine. */
const environment = {
  ...certificates,
  PATH: withoutProjects(process.env['PATH'] ?? ''),
  HOME,
  CI: 'true',
  npm_config_registry: registry,
  npm_config_update_notifier: 'false',
  npm_config_yes: 'true',
  YARN_NPM_REGISTRY_SERVER: registry.replace(/\/$/, ''),
  YARN_REGISTRY: registry,
  YARN_ENABLE_TELEMETRY: '0',
  BUN_CONFIG_REGISTRY: registry,
  WRANGLER_SEND_METRICS: 'false',
  NEXT_TELEMETRY_DISABLED: '1',
  ASTRO_TELEMETRY_DISABLED: '1',
  GIT_TERMINAL_PROMPT: '0',
}

/** `path` with the Node.js that runs this first, and without the programs of any project. */
function withoutProjects(path: string): string {
  const folders = path.split(':').filter((folder) => !folder.includes('node_modules'))
  return [dirname(process.execPath), ...folders].join(':')
}

function record(name: string, recipe: Recipe, tool: string): void {
  rmSync(REPO, { recursive: true, force: true })
  writeFiles(recipe, tool)
  for (const command of recipe.before ?? []) run(command, tool)
  const lines: string[] = []
  for (const command of recipe.commands) {
    const { output, status } = run(command, tool)
    lines.push(...output.split('\n'))
    if (status !== 0) break
  }
  writeFileSync(join(LOGS, logName(name, tool)), `${lines.map(neutral).join('\n').trimEnd()}\n`)
  console.log(`${logName(name, tool)}: ${lines.length} lines`)
}

function writeFiles({ files }: Recipe, tool: string): void {
  mkdirSync(REPO, { recursive: true })
  for (const [path, content] of Object.entries(files)) {
    const text = typeof content === 'string' ? content : JSON.stringify(content, null, 2)
    mkdirSync(dirname(join(REPO, path)), { recursive: true })
    writeFileSync(join(REPO, path), text.replaceAll('$VERSION', tool.split('@').at(-1) ?? ''))
  }
}

function run(command: string, tool: string): { output: string; status: number | null } {
  const line = command
    .replaceAll('npx -p $TOOL', `npx -y -p ${tool}`)
    .replaceAll('$TOOL_SHELL', tool)
    .replaceAll('--save-dev $TOOL', `--save-dev ${tool}`)
    .replaceAll('$TOOL', `npx -y ${tool}`)
  const { stdout, status } = spawnSync('sh', ['-c', `( ${line} ) 2>&1`], {
    cwd: REPO,
    env: environment,
    encoding: 'utf8',
    timeout: LIMIT_MS,
  })
  return { output: stdout, status }
}

/** `line` without anything that identifies this machine. */
function neutral(line: string): string {
  const { host, hostname: name } = new URL(registry)
  return [host, name]
    .reduce((text, word) => text.replaceAll(word, 'registry.example'), line)
    .replaceAll(registry, 'https://registry.example/')
    .replaceAll(HOST_NAME, 'build')
    .replaceAll(/(?:\/[\w.@-]+)+(?=\/node_modules\/\.bin|\/lib\/node_modules)/g, `${HOME}/tools`)
    .replaceAll(/\/(?:root|work|home\/\w+)\/[\w./@-]*/g, `${HOME}/tools`)
}

const wanted = process.argv.slice(2)
mkdirSync(LOGS, { recursive: true })
for (const [name, recipe] of Object.entries(RECIPES)) {
  if (wanted.length > 0 && !wanted.some((prefix) => name.startsWith(prefix))) continue
  for (const tool of recipe.tools) record(name, recipe, tool)
}
