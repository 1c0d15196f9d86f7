/** What a run does, decided by its seed alone. */
import { createRandom } from '@workers-builds/test-kit/random'
import { BUILD_KINDS, type BuildKind } from './projects.ts'

/** What is killed with SIGKILL; all but a runner is then started again. */
export const FAULTS = ['runner', 'workerd', 'workers', 'postgres', 'compute_host'] as const
export type FaultKind = (typeof FAULTS)[number]

export interface PlannedBuild {
  index: number
  kind: BuildKind
  /** For a build that is cancelled: how long after it was queued. */
  cancel_after_ms: number
}

export interface PlannedFault {
  kind: FaultKind
  /** How long after the fault before it was healed. */
  pause_ms: number
  /** How long it lasts before it is healed. */
  down_ms: number
  /** Which of several: a share of them, from 0. */
  choice: number
}

/** Every kind of build comes up, the ordinary ones more often. */
const MIX: BuildKind[] = [...BUILD_KINDS, 'quick', 'slow', 'slow', 'build_failure', 'long']

export function planBuilds({ seed, builds }: { seed: number; builds: number }): PlannedBuild[] {
  const random = createRandom(seed)
  return Array.from({ length: builds }, (_, index) => ({
    index,
    kind: BUILD_KINDS[index] ?? random.pick(MIX),
    cancel_after_ms: random.integer(0, 6_000),
  }))
}

/** Faults without end, every kind among the first. */
export function* planFaults({ seed }: { seed: number }): Generator<PlannedFault, never> {
  const random = createRandom(seed ^ 0x5eed)
  let kinds: FaultKind[] = []
  for (;;) {
    if (kinds.length === 0) kinds = shuffled(['runner', ...FAULTS], random.next)
    yield {
      kind: kinds.pop() ?? 'runner',
      pause_ms: random.integer(500, 5_000),
      down_ms: random.integer(0, 3_000),
      choice: random.next(),
    }
  }
}

/** How often a webhook is delivered: once, or twice in one of three ways. */
export interface Repeat {
  kind: 'once' | 'at_once' | 'later' | 'other_id'
  /** When the second comes after the first, for those that come later. */
  pause_ms: number
}

/** One for each webhook that is sent; every second one comes twice. */
export function* planRepeats({ seed }: { seed: number }): Generator<Repeat, never> {
  const random = createRandom(seed ^ 0x7a1c)
  for (;;) {
    const kind = random.pick(['once', 'once', 'once', 'at_once', 'later', 'other_id'] as const)
    yield { kind, pause_ms: random.integer(0, 15_000) }
  }
}

function shuffled<Item>(items: Item[], next: () => number): Item[] {
  const keyed = items.map((item) => ({ item, key: next() }))
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item)
}
