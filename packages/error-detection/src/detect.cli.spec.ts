import { spawnSync } from 'node:child_process'
import process from 'node:process'
import { expect, test } from 'vitest'

function run(args: readonly string[], input = '') {
  return spawnSync(process.execPath, [`${import.meta.dirname}/detect.cli.ts`, ...args], {
    input,
    encoding: 'utf8',
  })
}

test('--jsonl prints a line for each log, with strings or stored tuples', () => {
  const logs = [
    { id: 'a', lines: ['one', '✘ [ERROR] Could not resolve "./balance"'] },
    { id: 2, lines: [[1, 'building', 'sh: 1: vite: not found']] },
    { id: 'c', lines: [] },
  ]
  const { stdout } = run(['--jsonl'], logs.map((log) => JSON.stringify(log)).join('\n'))
  const results = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(results).toEqual([
    {
      id: 'a',
      outcome: 'detected',
      errors: [
        {
          error_code: 'wrangler_error',
          error_group: '✘ [ERROR] Could not resolve "<MODULE>"',
          cause: 'module_not_found',
          fault: 'user',
          line: 1,
          line_number: 2,
          confidence: 0.9,
          title: 'A module or file that the code imports does not exist',
        },
      ],
    },
    { id: 2, outcome: 'detected', errors: [expect.objectContaining({ line: 0 })] },
    { id: 'c', outcome: 'no_log', errors: [] },
  ])
})

test('a file is explained to a person', () => {
  const log = `${import.meta.dirname}/../fixtures/npm-missing-script.npm@11.log`
  const { stdout, status } = run([log])
  expect(status).toBe(0)
  expect(stdout).toContain('The script that was asked for is not in package.json')
  expect(stdout).toContain('npm error Missing script: "build"')
})

test('without anything to do it says how it is used', () => {
  const { status, stderr } = run([])
  expect(status).toBe(2)
  expect(stderr).toContain('usage: pnpm detect FILE…')
})
