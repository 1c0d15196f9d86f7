/**
 * The lines that may say why a build failed, one for each group.
 *
 * @module
 */
import type { Candidate } from './decide.ts'
import { isRootCause } from './decide.ts'
import { groupKey } from './knowledge-base.ts'

/** Groups that are remembered; a build with more failures than that is not explained by the rest. */
const MAX_CANDIDATES = 256

export interface Candidates {
  /** The best line of a group stands for it, the first one of equals. */
  keep(candidate: Candidate): void
  clear(): void
  /** Forgets those that are only known by their looks. */
  clearWeak(): void
  list(): Candidate[]
}

export function createCandidates(): Candidates {
  const byGroup = new Map<string, Candidate>()
  return {
    keep(candidate) {
      const key = groupKey(candidate)
      const known = byGroup.get(key)
      if (known ? known.order <= candidate.order : byGroup.size >= MAX_CANDIDATES) return
      byGroup.set(key, candidate)
    },
    clear: () => byGroup.clear(),
    clearWeak() {
      for (const [key, candidate] of byGroup) {
        if (!isRootCause(candidate)) byGroup.delete(key)
      }
    },
    list: () => [...byGroup.values()],
  }
}
