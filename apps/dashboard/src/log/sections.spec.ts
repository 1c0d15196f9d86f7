import { expect, test } from 'vitest'
import { sectionsOf } from './sections.ts'

const LOG = [
  'Initializing build environment...',
  'Success: Finished initializing build environment',
  'Cloning repository...',
  'Detected the following tools from environment: npm@11.0.0',
  'Installing project dependencies: npm clean-install',
  'Executing user build command: npm run build',
  'Cloning repository...',
  'Executing user deploy command: npx wrangler deploy',
  'deployed',
]

test('each step of a log is a section, and together they are the log', () => {
  expect(sectionsOf(LOG).map(({ step, first, end }) => [step, first, end])).toEqual([
    ['initializing', 0, 2],
    ['cloning', 2, 3],
    ['installing', 3, 5],
    ['building', 5, 7],
    ['deploying', 7, 9],
  ])
})

test('a log of something else has none', () => {
  expect(sectionsOf(['a', 'b'])).toEqual([])
})
