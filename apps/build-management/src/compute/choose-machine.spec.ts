import { expect, test } from 'vitest'
import { type MachineWishes, NoSuchMachine } from './build-compute.ts'
import { chooseMachine } from './choose-machine.ts'

const instances = { free: 'standard-3', paid: 'standard-4' } as const
const images = ['v9', 'v10', 'v2']
const nothing: MachineWishes = {
  plan: 'free',
  trigger_build_image: null,
  account_build_image: null,
}

test.each<[Partial<MachineWishes>, string, string]>([
  [{}, 'v10', 'Build image v10 (the newest), standard-3'],
  [{ plan: 'paid' }, 'v10', 'Build image v10 (the newest), standard-4'],
  [{ account_build_image: 'v2' }, 'v2', 'Build image v2 (build_image of the account), standard-3'],
  [
    { account_build_image: 'v2', trigger_build_image: 'v9' },
    'v9',
    'Build image v9 (build_image of the trigger), standard-3',
  ],
])('%j gets the image %s', (wishes, image, description) => {
  const machine = chooseMachine({ ...nothing, ...wishes }, { images, instances })
  expect(machine).toMatchObject({ image, description })
})

test('an image that is not there is refused, with its asker, and those that are', () => {
  const wishes = { ...nothing, trigger_build_image: 'v1' }
  const choose = () => chooseMachine(wishes, { images, instances })
  expect(choose).toThrow(NoSuchMachine)
  expect(choose).toThrow(
    "There is no build image 'v1' here, which the trigger asks for; there is v10, v9, v2. Change build_image of the trigger, or set it to null for the newest.",
  )
})
