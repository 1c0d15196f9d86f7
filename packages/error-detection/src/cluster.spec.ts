import { expect, test } from 'vitest'
import { parseTemplate } from './engine/template.ts'
import { clusterUnclassified } from './index.ts'

const GROUPS = [
  { error_group: 'cannot open file <…> for reading', count: 3 },
  { error_group: 'cannot open file <…> for writing', count: 9 },
  { error_group: 'unexpected token in template', count: 5 },
]

test('groups that differ in a word are one cluster, with all their builds', () => {
  const [first, second] = clusterUnclassified(GROUPS)
  expect(first).toMatchObject({ template: 'cannot open file <…> for <…>', count: 12 })
  expect(first?.groups.map(({ count }) => count)).toEqual([9, 3])
  expect(second).toMatchObject({ template: 'unexpected token in template', count: 5 })
})

test('the proposed signature matches what it was made of', () => {
  const [first] = clusterUnclassified(GROUPS)
  expect(first?.proposed_signature.message).toBe('^cannot open file <VALUE> for <VALUE>')
  expect(() => parseTemplate(first?.proposed_signature.message ?? '')).not.toThrow()
})

test('no group is lost, and the order in which they come does not matter', () => {
  const clusters = clusterUnclassified([...GROUPS].reverse())
  expect(clusters).toEqual(clusterUnclassified(GROUPS))
  expect(clusters.reduce((sum, { count }) => sum + count, 0)).toBe(17)
})

test('a mask and a mask beside it are one', () => {
  const [cluster] = clusterUnclassified([
    { error_group: 'a <…> failed while reading the file here', count: 1 },
    { error_group: 'a build failed while reading the file here', count: 1 },
    { error_group: 'the build failed while reading the file here', count: 1 },
  ])
  expect(cluster?.template).toBe('<…> failed while reading the file here')
})
