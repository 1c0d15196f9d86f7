import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { measure } from './measure.ts'
import { isInternal, isMessage, PRIVATE, passesOn } from './message.ts'
import { cataloguesPage } from './page.ts'
import { readJavaScript } from './read-javascript.ts'
import { readGo, readRust } from './read-literals.ts'
import { readPython } from './read-python.ts'
import { readDiagnosticsOfCode } from './read-typescript.ts'
import type { CataloguedTool } from './tool.ts'

const texts = (messages: readonly { text: string }[]) => messages.map(({ text }) => text)

describe('the messages in JavaScript', () => {
  test.each([
    ['a new error', "throw new Error('no ink left')", ['no ink left']],
    [
      'a template',
      'throw new TypeError(`no ink for ${quill.name} left`)',
      [`no ink for ${PRIVATE} left`],
    ],
    ['a sum', "new Error('no ink ' + 'in pot ' + version)", ['no ink in pot 1.2.3']],
    ['joined lines', "new Error(['no ink', 'buy some'].join('\\n'))", ['no ink\nbuy some']],
    ['a colour', "logger.error(red('no ink left'))", ['no ink left']],
    ['a constant', "const NO_INK = 'no ink left'; fail(NO_INK)", ['no ink left']],
    ['a condition', "new Error(dry ? 'no ink left' : other)", ['no ink left']],
    ['an object', "new QuillError({ message: 'no ink left' })", ['no ink left']],
    [
      'a class',
      "class InkError extends Error { constructor() { super('no ink left') } }",
      ['no ink left'],
    ],
    ['what only warns', "logger.warn('no ink left')", []],
    ['what others say', 'throw new Error(reason)', []],
    ['what is not run', "debug(() => { throw new Error('no ink left') })", []],
  ])('%s', (_name, source, expected) => {
    expect(texts(readJavaScript(source))).toEqual(expected)
  })

  test('have the codes that come with them', () => {
    const source =
      "new PnpmError('NO_INK', 'no ink left'); const T = { DryQuill: { title: 'a', message: (n) => `quill ${n} is dry` } }"
    expect(readJavaScript(source)).toMatchObject([
      { by: 'PnpmError', code: 'NO_INK', text: 'no ink left' },
      { by: 'message', code: 'DryQuill', entry: 'DryQuill', text: `quill ${PRIVATE} is dry` },
    ])
  })

  test('of a bundle are those of its own modules', () => {
    const bundle = [
      '// src/ink.js',
      "new Error('no ink left')",
      '// node_modules/feather/index.js',
      "new Error('no feather left')",
      '// src/server/paper.js',
      "new Error('no paper left')",
    ].join('\n')
    expect(texts(readJavaScript(bundle, { notModules: /server/ }))).toEqual(['no ink left'])
  })
})

test('the messages in Python, Rust, Go and of TypeScript', () => {
  const file = new URL('read-python.py', import.meta.url).pathname
  expect(readPython([file])).toEqual([])
  expect(texts(readRust('bail!("no ink for {name} left")'))).toEqual([`no ink for ${PRIVATE} left`])
  expect(texts(readGo('fmt.Errorf("no ink for %q left", name)'))).toEqual([
    `no ink for "${PRIVATE}" left`,
  ])
  expect(readDiagnosticsOfCode('diag(1005, 1, "_0_expected_1005", "\'{0}\' expected."')).toEqual([
    { by: 'diagnostic', code: 'TS1005', text: `'${PRIVATE}' expected.` },
  ])
})

test('what is no message, is of the tool itself, or introduces another one', () => {
  expect(isMessage('ENOENT')).toBe(false)
  expect(isMessage(`${PRIVATE}: https://a.example/b c`)).toBe(false)
  expect(isInternal('This should never happen, please report it')).toBe(true)
  expect(isInternal('no ink left')).toBe(false)
  expect(passesOn(`no ink: ${PRIVATE}-reason`)).toBe(true)
  expect(passesOn('Cannot use ink here:')).toBe(false)
})

test('a message is named when tool, cause and group are', () => {
  const tool: CataloguedTool = {
    name: 'quill',
    registry: 'npm',
    packages: [],
    files: /^$/,
    error_codes: ['hugo_error'],
    command: 'hugo',
    print: ({ text }) => [`Error: ${text}`],
  }
  const of = (...all: string[]) =>
    measure(
      tool,
      all.map((text) => ({ by: 'Error', text })),
    )
  expect(of('permission denied for the ink').counts).toMatchObject({ messages: 1, named: 1 })
  const { counts, unnamed } = of('frobnicated the ink', 'unreachable ink code')
  expect(counts).toMatchObject({ messages: 1, tool: 1, cause: 0, named: 0, left_out: 1 })
  expect(unnamed).toMatchObject([{ lacks: ['cause'] }])
})

test('docs/catalogues.md is what the counts say; else `… run catalogue`', () => {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
  expect(read('../../../docs/catalogues.md')).toBe(cataloguesPage(JSON.parse(read('counts.json'))))
})
