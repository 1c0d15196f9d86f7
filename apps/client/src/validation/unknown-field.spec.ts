import { expect, test } from 'vitest'
import { unknownField } from './unknown-field.ts'

const KNOWN = ['build_command', 'deploy_command', 'branch_includes']

test.each([
  ['build_comand', 'build_command'],
  ['buildCommand', 'build_command'],
  ['Deploy_Command', 'deploy_command'],
  ['branch_include', 'branch_includes'],
])('%s is answered with %s', (name, meant) => {
  const error = unknownField({ place: 'body', path: ['settings', name], known: KNOWN })
  expect(error.message).toBe(
    `Invalid request body: settings.${name}: there is no such field; did you mean ${meant}?`,
  )
  expect(error.source).toEqual({ pointer: `/settings/${name}` })
})

test('a name that is like none is answered with those that there are', () => {
  const { message } = unknownField({ place: 'query', path: ['search'], known: KNOWN })
  expect(message).toBe(
    'Invalid query parameter: search: there is no such parameter; expected one of build_command, deploy_command, branch_includes',
  )
})

test('a long name is cut, and one with a slash can be pointed at', () => {
  const error = unknownField({ place: 'body', path: [`a/~${'x'.repeat(5_000)}`], known: [] })
  expect(error.message.length).toBeLessThan(200)
  expect(error.source).toEqual({ pointer: `/a~1~0${'x'.repeat(97)}` })
})
