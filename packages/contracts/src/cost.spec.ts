import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  CONTAINER_INCLUDED,
  CONTAINER_PRICES,
  type ContainerTime,
  containerDollars,
} from './cost.ts'
import { INSTANCES, type InstanceType } from './instances.ts'
import { usageOf } from './usage.ts'

test('what is included, and time in which no processor worked, costs nothing', () => {
  const time = usageOf('standard-4', 1_000)
  expect(time).toMatchObject({ vcpu_seconds: 4, memory_gib_seconds: 12, disk_gb_seconds: 20 })
  expect(containerDollars(time)).toBeCloseTo(4 * 0.00002 + 12 * 0.0000025 + 20 * 0.00000007, 12)
  expect(containerDollars(time, { busy: 0 })).toBeCloseTo(12 * 0.0000025 + 20 * 0.00000007, 12)
  expect(containerDollars(time, { included: time })).toBe(0)
})

describe('docs/cost.md', () => {
  const page = readFileSync(new URL('../../../docs/cost.md', import.meta.url), 'utf8')

  /** The rows of the table below a heading, without its head. */
  function rowsBelow(heading: string): string[][] {
    const [, below = ''] = page.split(`## ${heading}\n`)
    const lines =
      below
        .split('\n## ')[0]
        ?.split('\n')
        .filter((line) => line.startsWith('|')) ?? []
    const rows = lines.map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
    expect(rows.length, heading).toBeGreaterThan(2)
    return rows.slice(2)
  }
  const number = (cell: string | undefined) => Number(cell?.replaceAll(/[^\d.]/g, ''))

  test('has the prices', () => {
    const rows: [keyof ContainerTime, number][] = [
      ['vcpu_seconds', 375 * 60],
      ['memory_gib_seconds', 25 * 3_600],
      ['disk_gb_seconds', 200 * 3_600],
    ]
    for (const [index, [what, included]] of rows.entries()) {
      const row = rowsBelow('Prices')[index]
      expect(number(row?.[2])).toBe(CONTAINER_PRICES[what])
      expect(CONTAINER_INCLUDED[what]).toBe(included)
    }
  })

  test.each([
    ['One build', 1],
    ['A thousand builds a day', 30_000],
  ])('computes right: %s', (heading, builds) => {
    const rows = rowsBelow(heading)
    expect(rows.map(([type]) => type)).toEqual(
      Object.keys(INSTANCES).flatMap((type) => (type === 'lite' ? [] : [type, type])),
    )
    for (const [type, minutes, half, full] of rows) {
      const one = usageOf(type as InstanceType, number(minutes) * 60_000)
      const time: ContainerTime = {
        vcpu_seconds: builds * one.vcpu_seconds,
        memory_gib_seconds: builds * one.memory_gib_seconds,
        disk_gb_seconds: builds * one.disk_gb_seconds,
      }
      const included = builds > 1 ? CONTAINER_INCLUDED : undefined
      const digits = builds > 1 ? 0 : 4
      const dollars = (busy: number) =>
        containerDollars(time, { busy, ...(included && { included }) }).toFixed(digits)
      expect([type, minutes, number(half), number(full)]).toEqual([
        type,
        minutes,
        Number(dollars(0.5)),
        Number(dollars(1)),
      ])
    }
  })
})
