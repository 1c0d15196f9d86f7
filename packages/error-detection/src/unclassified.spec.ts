import { expect, test } from 'vitest'
import { detect } from './index.ts'

test('an unknown failure is the line that looks most like one, masked, and explains nothing', () => {
  const { outcome, errors } = detect([
    'frobnicating 12 widgets',
    'frobnicator: warming up',
    'error: cannot frobnicate widget "acme" of Quillwort',
    'done with errors',
  ])
  expect(outcome).toBe('no_match')
  expect(errors).toMatchObject([
    { error_code: 'unclassified', cause: 'unclassified', line: 2, confidence: 0.1 },
  ])
  expect(errors[0]?.error_group).toBe('error cannot <…> of <…>')
})

test('a wrapper line explains nothing while another line looks more like the cause', () => {
  const { outcome, errors } = detect([
    'fatal frobnication: widget is bent',
    ' ELIFECYCLE  Command failed with exit code 1.',
  ])
  expect(outcome).toBe('no_match')
  expect(errors.map(({ error_code, line }) => [error_code, line])).toEqual([
    ['unclassified', 0],
    ['pnpm_error', 1],
  ])
})

test('a wrapper line is the answer when it is all there is', () => {
  expect(detect(['> site build', ' ELIFECYCLE  Command failed with exit code 1.'])).toMatchObject({
    outcome: 'detected',
    errors: [{ cause: 'script_failed', confidence: 0.4 }],
  })
})

test('the properties of a printed error are not taken for one', () => {
  const lines = [
    '    exitCode: 3,',
    '    failed: true,',
    '    error: undefined',
    '    killed: false',
  ]
  expect(detect(lines)).toMatchObject({ outcome: 'no_match', errors: [] })
})

test('an error of its own is not joined by unclassified ones', () => {
  const { errors } = detect(['fatal frobnication: bent', 'sh: 1: vite: not found'])
  expect(errors.map(({ error_code }) => error_code)).toEqual(['shell_error'])
})
