import { expect, test } from 'vitest'
import { shareInRun } from './share-in-run.ts'

test('a thing is started once, and stops after the last of its users', async () => {
  const events: string[] = []
  const share = () =>
    shareInRun('thing', async () => {
      events.push('started')
      return { stop: async () => void events.push('stopped') }
    })
  const [one, other] = await Promise.all([share(), share()])
  expect(events).toEqual(['started'])
  await one.stop()
  expect(events).toEqual(['started'])
  await other.stop()
  expect(events).toEqual(['started', 'stopped'])
  await (await share()).stop()
  expect(events).toEqual(['started', 'stopped', 'started', 'stopped'])
})
