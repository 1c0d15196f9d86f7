import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { describeToolSources } from './tool-sources-docs.ts'

const PAGE = new URL('../../../../docs/tool-versions.md', import.meta.url)

/** Cells of a table, however it is aligned. */
function cellsOf(markdown: string): string[][] {
  return markdown
    .split('\n')
    .filter((line) => /^\|(?!\s*-)/.test(line))
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
}

test('the page on tool versions has the table that the runner goes by: `pnpm docs:tools` writes it', () => {
  const shown = cellsOf(readFileSync(PAGE, 'utf8'))
  const right = cellsOf(describeToolSources())
  expect(right.length).toBeGreaterThan(10)
  expect(shown.filter((row) => row.length === right[0]?.length)).toEqual(right)
})
