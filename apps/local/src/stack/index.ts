export {
  type HostOptions,
  type Stack,
  type StackOptions,
  type StackParts,
  startStack,
} from './start-stack.ts'
