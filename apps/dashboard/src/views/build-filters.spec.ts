import { expect, test } from 'vitest'
import { queryOf, readFilters } from './build-filters.ts'

test('an address may have any of the filters, and nothing else', () => {
  expect(readFilters({ branch: 'main', search: 7, author: '', nonsense: 'x' })).toEqual({
    branch: 'main',
    search: '7',
  })
})

test('days are whole days of the viewer’s zone', () => {
  const {
    created_after = '',
    created_before = '',
    branch,
  } = queryOf({
    branch: 'main',
    from: '2026-10-24',
    to: '2026-10-26',
  })
  expect(branch).toBe('main')
  expect(new Date(created_after)).toEqual(new Date(2026, 9, 24))
  expect(new Date(created_before)).toEqual(new Date(2026, 9, 27))
  expect(queryOf({ from: 'yesterday' })).toEqual({})
})
