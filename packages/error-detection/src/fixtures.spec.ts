import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { RECIPES } from '../recipes/index.ts'
import { logName } from '../recipes/recipe.ts'
import { detect } from './index.ts'

const FOLDER = `${import.meta.dirname}/../fixtures`
const logs = Object.entries(RECIPES).flatMap(([name, recipe]) =>
  recipe.tools.map((tool) => ({ log: logName(name, tool), expected: recipe.expected })),
)

const read = (log: string) => readFileSync(`${FOLDER}/${log}`, 'utf8').split('\n')

describe('the recorded log', () => {
  test.each(logs)('$log says what its recipe breaks', ({ log, expected }) => {
    const { outcome, errors } = detect(read(log))
    if (expected === 'none') {
      expect({ outcome, errors }).toMatchObject({ outcome: 'no_match' })
      return
    }
    const { line = '', ...error } = expected
    expect(errors[0], read(log).join('\n')).toMatchObject(error)
    expect(read(log)[errors[0]?.line ?? 0]).toContain(line)
  })

  test.each(logs)('$log says the same with time stamps, page by page', ({ log }) => {
    const lines = read(log)
    const stamped = lines.map((line) => `2026-01-17T19:15:23.209Z\t${line}`)
    const errors = ({ errors }: ReturnType<typeof detect>) =>
      errors.map(({ error_group }) => error_group)
    expect(errors(detect(stamped))).toEqual(errors(detect(lines)))
    expect(errors(detect(lines.values()))).toEqual(errors(detect(lines)))
  })

  test('of every recipe is there, and no other', () => {
    expect(readdirSync(FOLDER).sort()).toEqual(logs.map(({ log }) => log).sort())
  })

  test('holds nothing of the machine that recorded it', () => {
    for (const { log } of logs) {
      expect(existsSync(`${FOLDER}/${log}`), log).toBe(true)
      const text = readFileSync(`${FOLDER}/${log}`, 'utf8')
      const hosts = [...text.matchAll(/https?:\/\/([\w.-]+)/g)].map(([, host]) => host ?? '')
      expect(
        hosts.filter(
          (host) => /registry|artifact|mirror/.test(host) && host !== 'registry.example',
        ),
      ).toEqual([])
      expect(text).not.toMatch(/\/root\/|\/work\//)
    }
  })
})
