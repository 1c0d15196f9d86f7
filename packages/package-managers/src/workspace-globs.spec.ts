import { expect, test } from 'vitest'
import { isMember } from './workspace-globs.ts'

test.each([
  ['packages/a', ['packages/*'], true],
  ['packages/a', ['./packages/*/'], true],
  ['packages/a', ['packages/a'], true],
  ['packages/a/b', ['packages/*'], false],
  ['packages/a/b', ['packages/**'], true],
  ['packages/a/b', ['**/b'], true],
  ['packages/a/b/c', ['packages/**/c'], true],
  ['packages/a/b/c', ['packages/**/d'], false],
  ['packages/a', ['packages/*', '!packages/a'], false],
  ['packages/a', ['!packages/b', 'packages/*'], true],
  ['packages/a', ['{apps,packages}/*'], true],
  ['packages/a', ['{apps,pack{age,}s}/{b,a}'], true],
  ['packages/a', ['{apps}/*', '{apps,tools}/*'], false],
  ['packages/web-app', ['packages/web-*'], true],
  ['packages/web-app', ['packages/*-app'], true],
  ['packages/web-app', ['packages/?eb-app'], true],
  ['packages/app', ['packages/*-app'], false],
  ['packages/.cache', ['packages/*'], false],
  ['packages/.cache', ['packages/.*'], true],
  ['packages/a', ['packages/$&', 'packages/{$&,b}'], false],
  ['packages/a', [], false],
])('%s is a member of %j: %s', (path, globs, expected) => {
  expect(isMember(path, globs)).toBe(expected)
})

test.each([
  ['a'.repeat(255), `${'*a'.repeat(120)}b`],
  ['a/'.repeat(200).concat('a'), `${'**/a/'.repeat(100)}b`],
  ['a', '{a,b}'.repeat(40)],
  ['a', `{${','.repeat(1_000_000)}`],
  ['a', `{${'b,'.repeat(500_000)}b}`],
])('a glob that means harm takes no time (%#)', (path, glob) => {
  const start = performance.now()
  expect(isMember(path, [glob])).toBe(false)
  expect(performance.now() - start).toBeLessThan(1_000)
})
