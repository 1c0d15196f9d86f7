/** Builds that fail in containers: the same as on a host. */
import { describe, test } from 'vitest'
import { containerSite, noContainers } from '../support/container-site.ts'
import { describeFailures } from '../support/failure-classes.ts'
import { useGatedStack } from '../support/gated-stack.ts'

const missing = noContainers()
if (missing === undefined) {
  describe('in containers', () => describeFailures(useGatedStack('failures', {}, containerSite)))
} else {
  test.skip(`builds fail in containers as on a host: ${missing}`, () => {})
}
