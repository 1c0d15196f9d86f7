import { expect, test } from 'vitest'
import { createKeptAnswer } from './kept-answer.ts'

function useQuestion() {
  const kept = createKeptAnswer<string>({ kept_ms: 3_000 })
  const asked: PromiseWithResolvers<string>[] = []
  const get = (now: number) =>
    kept.get(now, () => {
      const question = Promise.withResolvers<string>()
      asked.push(question)
      return question.promise
    })
  return { get, asked }
}

test('an answer is kept for a while, then found anew', async () => {
  const { get, asked } = useQuestion()
  const first = get(0)
  asked[0]?.resolve('well')
  expect([await first, await get(2_999)]).toEqual(['well', 'well'])
  expect(asked).toHaveLength(1)
  const second = get(3_000)
  asked[1]?.resolve('ill')
  expect([await second, await get(3_001)]).toEqual(['ill', 'ill'])
})

test('while a new one is found, one asks, and the others get the last one', async () => {
  const { get, asked } = useQuestion()
  const first = get(0)
  asked[0]?.resolve('well')
  await first
  const second = get(3_000)
  expect(await get(3_100)).toBe('well')
  expect(asked).toHaveLength(2)
  asked[1]?.resolve('ill')
  expect(await second).toBe('ill')
})

test('an answer that never comes is asked for again', async () => {
  const { get, asked } = useQuestion()
  const first = get(0)
  asked[0]?.resolve('well')
  await first
  void get(3_000)
  const third = get(6_000)
  asked[2]?.resolve('ill')
  expect(await third).toBe('ill')
  asked[1]?.resolve('too late')
  expect(await get(6_001)).toBe('ill')
})

test('a question that fails is not kept', async () => {
  const { get, asked } = useQuestion()
  const first = get(0)
  asked[0]?.reject(new Error('no'))
  await expect(first).rejects.toThrow('no')
  const second = get(1)
  asked[1]?.resolve('well')
  expect(await second).toBe('well')
})
