import { expect, test } from 'vitest'
import { stopAll } from './stop-all.ts'

test('a part that cannot be stopped keeps none of the others running', async () => {
  const stopped: string[] = []
  const failure = new Error('a folder cannot be removed')
  const stops = [
    async () => void stopped.push('first'),
    () => Promise.reject(failure),
    async () => void stopped.push('last'),
  ]
  await expect(stopAll(stops)).rejects.toMatchObject({ errors: [failure] })
  expect(stopped).toEqual(['last', 'first'])
  await stopAll(stops)
  expect(stopped).toEqual(['last', 'first'])
})
