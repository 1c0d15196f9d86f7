import { execFileSync, spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const PACKAGE = join(import.meta.dirname, '..')
const NAME = '@workers-builds/error-detection'
const LOG = join(PACKAGE, 'fixtures/npm-package-not-found.npm@11.log')

/** An empty project somewhere else, into which the packed package is installed. */
let project: string
let folder: string

// A copy is packed: the manifest is another one meanwhile, and other tests read it.
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'packed-'))
  const copy = join(folder, 'packages/error-detection')
  for (const part of ['src', 'scripts', 'package', 'package.json', 'README.md', 'tsconfig.json']) {
    cpSync(join(PACKAGE, part), join(copy, part), { recursive: true })
  }
  cpSync(join(PACKAGE, '../../tsconfig.base.json'), join(folder, 'tsconfig.base.json'))
  symlinkSync(join(PACKAGE, 'node_modules'), join(copy, 'node_modules'))
  const env = { ...process.env, PATH: `${join(process.execPath, '..')}:${process.env['PATH']}` }
  const packed = execFileSync('npm', ['pack', '--json'], { cwd: copy, env, encoding: 'utf8' })
  expect(readFileSync(join(copy, 'package.json'), 'utf8')).toBe(
    readFileSync(join(PACKAGE, 'package.json'), 'utf8'),
  )
  const [name = ''] = /[\w.-]+\.tgz/.exec(packed) ?? []
  project = join(folder, 'project')
  mkdirSync(project)
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }')
  const install = ['install', '--offline', '--no-audit', '--no-fund', join(copy, name)]
  execFileSync('npm', install, { cwd: project, env, stdio: 'ignore' })
}, 300_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function run(args: readonly string[], input = '') {
  const command = join(project, 'node_modules/.bin/error-detection')
  return spawnSync(command, args, { cwd: project, input, encoding: 'utf8' })
}

describe('the packed package', () => {
  const installed = (file: string) =>
    readFileSync(join(project, 'node_modules', NAME, file), 'utf8')

  test('explains a log file, and standard input', () => {
    for (const { stdout, status } of [run([LOG]), run(['-'], readFileSync(LOG, 'utf8'))]) {
      expect(status).toBe(0)
      expect(stdout).toContain('A dependency does not exist in the registry')
      expect(stdout).toContain('quillwort-does-not-exist@1.0.0')
    }
  })

  test.each([
    [['--help'], 0, /^usage: npx /],
    [[], 2, /^usage: npx /],
    [['gone.log'], 1, /^gone\.log: there is no such file\n$/],
    [['.'], 1, /^\.: it is a folder: name a log file in it\n$/],
    [['--nope'], 2, /^Unknown option '--nope'/],
    [['--diff', 'main'], 2, /^--diff needs the repository/],
  ])('answers %j with a sentence', (args, status, sentence) => {
    const result = run(args)
    expect(result.status).toBe(status)
    expect(result.stdout + result.stderr).toMatch(sentence)
    expect(result.stderr).not.toMatch(/^ {4}at /m)
  })

  test('is a module for programs, and for browsers: it needs nothing else', async () => {
    const program = `import { detect, DETECTOR_VERSION } from '${NAME}'
      console.log(JSON.stringify([detect(['sh: 1: vite: not found']).errors[0].cause, DETECTOR_VERSION]))`
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      cwd: project,
      encoding: 'utf8',
    })
    expect(JSON.parse(stdout)).toEqual(['command_not_found', expect.any(Number)])
    const entry = join(project, 'node_modules', NAME, 'dist/index.js')
    // Built-ins of Node.js cannot be resolved for a browser.
    const { outputFiles, metafile } = await build({
      entryPoints: [entry],
      bundle: true,
      platform: 'browser',
      format: 'esm',
      metafile: true,
      write: false,
      logLevel: 'silent',
    })
    expect(outputFiles).toHaveLength(1)
    expect(Object.values(metafile.outputs).flatMap(({ imports }) => imports)).toEqual([])
    expect(JSON.parse(installed('package.json'))).not.toHaveProperty('dependencies')
    expect(installed('README.md')).toContain('# Why did this build fail?')
  })

  test('has types, which name no package of the workspace', () => {
    const program = `import type { DetectedError, Excerpt, LogLine } from '${NAME}'
      import { createErrorDetector, excerptOf } from '${NAME}'
      const line: LogLine = [0, 'building', 'x']
      const detector = createErrorDetector()
      detector.push([line])
      const errors: DetectedError[] = detector.finish({ failure_reason: 'timed_out' }).errors
      export const excerpt: Excerpt | undefined = excerptOf({ line: 0, lines: ['x'] })
      // @ts-expect-error: a line is no string here
      export const wrong: string | undefined = errors[0]?.line
      `
    writeFileSync(join(project, 'program.ts'), program)
    const compiler = join(PACKAGE, 'node_modules/typescript/bin/tsc')
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022']
    const types = ['--lib', 'es2024,esnext.disposable', 'program.ts']
    const { stdout } = spawnSync(process.execPath, [compiler, ...options, ...types], {
      cwd: project,
      encoding: 'utf8',
    })
    expect(stdout).toBe('')
  })
})
