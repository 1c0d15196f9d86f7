/** Builds that fail as processes of a host. */
import { describeFailures } from './support/failure-classes.ts'
import { useGatedStack } from './support/gated-stack.ts'

describeFailures(useGatedStack('failures'))
