import { expect, test } from 'vitest'
import { isBranchBuilt } from './branch-rules.ts'

test.each([
  ['main', ['*'], [], true],
  ['main', ['main'], [], true],
  ['maintenance', ['main'], [], false],
  ['release/1.2', ['release/*'], [], true],
  ['release', ['release/*'], [], false],
  ['feature/x', ['*'], ['feature/*'], false],
  ['a-preview', ['*-preview'], [], true],
  ['-preview', ['*-preview'], [], true],
  ['axbxc', ['a*b*c'], [], true],
  ['ac', ['a*b*c'], [], false],
  ['aba', ['ab*ba'], [], false],
  ['main', [], [], false],
])('branch %s with includes %j, excludes %j', (branch, branch_includes, branch_excludes, built) => {
  expect(isBranchBuilt(branch, { branch_includes, branch_excludes })).toBe(built)
})
