import { expect, test } from 'vitest'
import { type Reader, readProject } from './read-project.ts'
import { CASES } from './testing/cases.ts'

function inMemory(files: Record<string, unknown>): Reader {
  return {
    async read(path) {
      const content = files[path]
      return content === undefined || typeof content === 'string'
        ? content
        : JSON.stringify(content)
    },
    exists: async (path) => path in files,
  }
}

test.each(CASES)('$name', async ({ files, folder, expected }) => {
  const project = await readProject(inMemory(files), folder)
  if (expected === undefined) expect(project).toBeUndefined()
  else expect(project).toMatchObject(expected)
})
