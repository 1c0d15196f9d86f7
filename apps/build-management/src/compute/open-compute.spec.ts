import { expect, test } from 'vitest'
import { readCompute } from './open-compute.ts'

const instances = { free: 'standard-3', paid: 'standard-4' }

test('the variables are read as they are configured', () => {
  expect(readCompute({ BUILD_COMPUTE: 'containers', BUILD_INSTANCES: instances })).toEqual({
    kind: 'containers',
    instances,
  })
})

test.each([
  [
    { BUILD_COMPUTE: 'docker', BUILD_INSTANCES: instances },
    'BUILD_COMPUTE is wrong: it is "docker"',
  ],
  [
    { BUILD_COMPUTE: 'host', BUILD_INSTANCES: { ...instances, free: 'basic' } },
    'BUILD_INSTANCES is wrong: it is {"free":"basic","paid":"standard-4"}. free',
  ],
])('%j is refused, naming variable and value', (env, problem) => {
  expect(() => readCompute(env)).toThrow(problem)
})
