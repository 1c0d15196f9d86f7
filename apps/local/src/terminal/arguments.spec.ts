import { expect, test } from 'vitest'
import { HelpRequest, readArguments, UsageError } from './arguments.ts'

const read = (...args: string[]) =>
  readArguments({
    usage: 'usage: pnpm it',
    options: { port: { type: 'string' } },
    maxPositionals: 1,
    args,
  })

test('options and positionals are read', () => {
  const { values, positionals } = read('--port', '80', 'a')
  expect([values.port, positionals]).toEqual(['80', ['a']])
})

test('--help asks for the usage', () => {
  expect(() => read('a', '--help')).toThrow(HelpRequest)
  expect(() => read('-h')).toThrow('usage: pnpm it')
})

test('what is wrong with the arguments is reported with the usage', () => {
  for (const args of [['--por', '80'], ['a', 'b'], ['--port']]) {
    expect(() => read(...args)).toThrow(UsageError)
    expect(() => read(...args)).toThrow('usage: pnpm it')
  }
})
