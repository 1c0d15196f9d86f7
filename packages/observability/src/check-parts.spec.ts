import { expect, test } from 'vitest'
import { checkParts, STARTING } from './check-parts.ts'

test('a part that hangs, or throws at once, is failing; the others are asked all the same', async () => {
  const asked: string[] = []
  const ask = (part: string, answer: Promise<unknown>) => () => {
    asked.push(part)
    return answer
  }
  const never = new Promise(() => {})
  const parts = await checkParts(
    {
      hangs: ask('hangs', never),
      hangs_too: ask('hangs_too', never),
      throws: () => {
        throw new Error('away')
      },
      answers: ask('answers', Promise.resolve(false)),
      starts: ask('starts', Promise.resolve(STARTING)),
    },
    { ms: 20 },
  )
  expect(parts).toEqual({
    hangs: 'failing',
    hangs_too: 'failing',
    throws: 'failing',
    answers: 'ok',
    starts: 'starting',
  })
  expect(asked).toEqual(['hangs', 'hangs_too', 'answers', 'starts'])
})
