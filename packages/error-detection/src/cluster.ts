/**
 * Clusters unexplained groups that differ in a word or two, largest first, and proposes the
 * signature that would explain them. The algorithm follows Drain: groups are compared only with
 * those of the same length, by the share of words that agree.
 *
 * @module
 */
import { MASK } from './engine/mask.ts'

/** An unexplained group, and how many builds have it. */
export interface UnclassifiedGroup {
  error_group: string
  count: number
}

export interface UnclassifiedCluster {
  /** The groups' words, `<…>` where they differ. */
  template: string
  /** Builds in all groups. */
  count: number
  /** Largest first. */
  groups: UnclassifiedGroup[]
  /** What to add to the tool's file; the cause is for a person to choose. */
  proposed_signature: { message: string; examples: string[] }
}

/** Share of words that must agree. */
const SIMILARITY = 0.6

interface Cluster {
  words: string[]
  groups: UnclassifiedGroup[]
  count: number
}

/** `groups` in clusters, those with most builds first. */
export function clusterUnclassified(groups: Iterable<UnclassifiedGroup>): UnclassifiedCluster[] {
  const byLength = new Map<number, Cluster[]>()
  const largestFirst = [...groups].sort(
    (a, b) => b.count - a.count || a.error_group.localeCompare(b.error_group),
  )
  for (const group of largestFirst) {
    const words = group.error_group.split(' ')
    const alike = byLength.get(words.length) ?? []
    byLength.set(words.length, alike)
    const cluster = mostSimilar(alike, words)
    if (cluster) {
      cluster.words = cluster.words.map((word, index) => (word === words[index] ? word : MASK))
      cluster.groups.push(group)
      cluster.count += group.count
    } else {
      alike.push({ words, groups: [group], count: group.count })
    }
  }
  return [...byLength.values()]
    .flat()
    .sort((a, b) => b.count - a.count)
    .map(toUnclassifiedCluster)
}

function mostSimilar(clusters: readonly Cluster[], words: readonly string[]): Cluster | undefined {
  let best: Cluster | undefined
  let most = SIMILARITY
  for (const cluster of clusters) {
    const similarity = similarityOf(cluster.words, words)
    if (similarity < most) continue
    most = similarity
    best = cluster
  }
  return best
}

/** The share of places at which both have the same word; a mask agrees with nothing but a mask. */
function similarityOf(a: readonly string[], b: readonly string[]): number {
  return a.filter((word, index) => word === b[index]).length / a.length
}

function toUnclassifiedCluster({ words, groups, count }: Cluster): UnclassifiedCluster {
  const collapsed = words.filter((word, index) => word !== MASK || words[index - 1] !== MASK)
  const template = collapsed.join(' ')
  return {
    template,
    count,
    groups,
    proposed_signature: {
      message: `^${template.replaceAll(MASK, '<VALUE>')}`,
      examples: groups.slice(0, 3).map(({ error_group }) => error_group),
    },
  }
}
