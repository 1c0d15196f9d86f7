/**
 * Goes once over the view: which lines can be the answer, and which show how the log goes on.
 *
 * @module
 */
import { RANKS } from '../signature.ts'
import type { Witness } from '../witness/line-templates.ts'
import type { CommandTree } from './command-tree.ts'
import { commandTreeOf } from './command-tree.ts'
import { BLOCK_LINES, isCandidate, isGoodExit, isSaid, isStrong, opensBlock } from './line-kinds.ts'
import type { View } from './view.ts'

/** Places of lines in the view, in their order. */
export interface Survey {
  candidates: readonly number[]
  /** The candidates that begin as errors do. */
  strong: readonly number[]
  successes: readonly number[]
  /** Lines with which failed commands end. */
  exits: readonly number[]
  /** The commands that it echoes. */
  tree: CommandTree
  /** The order of the best signature, and the first line that has it. */
  bestOrder: number
  firstOfBest: number
}

/** Where more lines than these are new, a build did something else, and none of them says why. */
const MOST_NEW = 4

/**
 * Reads the lines whose words ask for it, and those of the blocks below them. With a witness, what
 * the good build did not print can be the answer whatever its words are, where that is little.
 */
export function surveyOf(view: View, witness?: Witness): Survey {
  const candidates: number[] = []
  /** What is new, and would be no candidate by its words. */
  const others: number[] = []
  const successes: number[] = []
  const exits: number[] = []
  const commands: number[] = []
  let bestOrder = RANKS.length + 1
  let firstOfBest = -1
  let blockEnd = -1
  for (let index = 0; index < view.length; index++) {
    const isNew = witness !== undefined && !witness(view.lines[index]?.message ?? '')
    const isSuspect = index <= blockEnd || isNew || view.isSuspect(index)
    if (!isSuspect) {
      if (view.mayEcho(index) && view.at(index).command !== undefined) commands.push(index)
      else if (view.succeeds(index)) successes.push(index)
      continue
    }
    if (isCandidate(view, index)) candidates.push(index)
    else if (isNew && isSaid(view.at(index))) others.push(index)
    const line = view.at(index)
    const { looks, match } = line
    if (line.script) continue
    if (line.command !== undefined) commands.push(index)
    if (isGoodExit(line)) successes.push(index)
    else if (looks.has('exit')) exits.push(index)
    else if (looks.has('success') && !looks.has('negative') && !line.noise) successes.push(index)
    if (opensBlock(line)) blockEnd = index + BLOCK_LINES
    if (match && match.order < bestOrder) {
      bestOrder = match.order
      firstOfBest = index
    }
  }
  if (others.length <= MOST_NEW) {
    candidates.push(...others)
    candidates.sort((a, b) => a - b)
  }
  const strong = candidates.filter((index) => isStrong(view.at(index)))
  const tree = commandTreeOf(view, { commands, exits })
  return { candidates, strong, successes, exits, tree, bestOrder, firstOfBest }
}
