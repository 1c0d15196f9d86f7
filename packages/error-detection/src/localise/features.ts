/**
 * What is measured of a line that may be the answer. A feature's name is `group.name`; what a group
 * is worth is printed by the training command.
 *
 * @module
 */
import { RANKS } from '../signature.ts'
import { hasDetail, headlineOf, isDetail, isStrong, isWeak, rankOf } from './line-kinds.ts'
import { LOOKS } from './looks.ts'
import type { Survey } from './survey.ts'
import type { ReadLine, View } from './view.ts'

/**
 * How often each signature stood on a decisive line of the labelled logs, and how often it stood in
 * them at all; `rank:…` counts those of a rank.
 */
export type Reliability = Readonly<Record<string, readonly number[]>>

/** Takes a feature that is not 0. */
export type AddFeature = (name: string, value: number) => void

/** By look, the name of its feature. */
const LOOK_FEATURES = LOOKS.map((look) => ({ look, name: `looks.${look}` }))
const RANK_FEATURES = new Map(
  [...RANKS, 'words', 'none'].map((rank) => [rank, `signature.${rank}`]),
)

/** A line with a signature is a decisive one this often; -1 without a signature. */
function reliabilityOf(line: ReadLine, table: Reliability): number {
  if (!line.match) return -1
  const [ofRank = 0, allOfRank = 0] = table[`rank:${rankOf(line)}`] ?? []
  const [decisive = 0, seen = 0] = table[line.match.signature.id] ?? []
  // A signature that was seldom seen is judged by those of its rank.
  return (decisive + (2 * (ofRank + 1)) / (allOfRank + 2)) / (seen + 2)
}

/** `… failed.` */
const ENDS_EMPTY = /(?:failed|errors?|failure|exception)[.!:]?$/i

/** Whether a headline names no cause: what stands below it does. */
function namesNoCause(line: ReadLine, table: Reliability): boolean {
  const { looks, match } = line
  if (match) {
    const { source, rank } = match.signature
    if (source.introduces || source.sums_up) return true
    if (rank === 'wrapper' || rank === 'stage') return true
    if (rank === 'family' && ENDS_EMPTY.test(line.core)) return true
    if (looks.has('colon_end')) return true
    return reliabilityOf(line, table) < 0.45
  }
  return looks.has('colon_end') || looks.has('exit') || ENDS_EMPTY.test(line.core)
}

export interface Measured {
  view: View
  log: Survey
  table: Reliability
}

/** Measures the line at `index`, one of `log.candidates`; what is not added is 0. */
export function measure({ view, log, table }: Measured, index: number, add: AddFeature): void {
  const line = view.at(index)
  const set = (name: string, value: number | boolean) => {
    if (value) add(name, Number(value))
  }
  const { looks } = line
  const strong = isStrong(line)
  const weak = isWeak(line)
  const reliability = reliabilityOf(line, table)
  const rank = rankOf(line)

  for (const { look, name } of LOOK_FEATURES) set(name, looks.has(look))
  set('looks.strong', strong)
  set('looks.weak', weak && !strong)
  set('looks.neither', !strong && !weak)
  set('looks.strong_negative', strong && weak)
  set('looks.strong_position', strong && looks.has('position'))
  set('looks.strong_quoted', strong && looks.has('quoted'))
  set('looks.red', line.red)
  set('looks.noise', line.noise)
  set('looks.short', line.core.length < 12)
  set('looks.length', Math.min(line.core.length, 200) / 200)
  set('looks.words', line.core.split(' ').length >= 4)
  set('looks.indent', Math.min(line.indent, 8) / 8)

  set(RANK_FEATURES.get(rank) ?? '', true)
  set('signature.reliability', Math.max(0, reliability))
  set('signature.unreliable', reliability >= 0 && reliability < 0.35)
  set('signature.reliable', reliability >= 0.6)
  set('signature.strong_reliable', strong ? Math.max(0, reliability) : 0)
  set('signature.introduces', line.match?.signature.source.introduces === true)
  set('signature.sums_up', line.match?.signature.source.sums_up === true)
  set('signature.best', index === log.firstOfBest)
  set('signature.of_best_rank', line.match?.order === log.bestOrder)
  set('signature.best_cause', index === log.firstOfBest && log.bestOrder <= 1)
  set('signature.best_place', index === log.firstOfBest && log.bestOrder >= 3)

  const before = view.at(index - 1)
  set('before.blank', before.blank)
  set('before.strong', isStrong(before))
  set('before.weak', isWeak(before))
  set('before.exit', before.looks.has('exit'))
  set('before.colon', before.looks.has('colon_end'))
  set('before.frame', before.looks.has('frame'))
  set('before.code_frame', before.looks.has('code_frame'))
  set('before.file_only', before.looks.has('file_only'))
  set('before.command', before.command !== undefined)
  const matchBefore = reliabilityOf(before, table)
  set('before.matched', Math.max(0, matchBefore))
  set('before.unreliable', matchBefore >= 0 && matchBefore < 0.4)

  const left = view.length - index
  set('place.first', index === 0)
  set('place.last3', left <= 3)
  set('place.from_end', Math.log2(left) / 8)
  set('place.fraction', index / view.length)
  set('place.first_strong', index === log.strong[0])
  set('place.only_strong', index === log.strong[0] && log.strong.length === 1)
  set('place.last_strong', index === log.strong.at(-1))
  set('place.first_candidate', index === log.candidates[0])
  const strongBefore = log.strong.filter((at) => at < index).length
  set('place.strong_before', Math.min(strongBefore, 5) / 5)
  set('place.strong_share', log.strong.length > 0 ? strongBefore / log.strong.length : 0)
  set(
    'place.near_strong_before',
    log.strong.some((at) => at < index && at >= index - 6),
  )
  set(
    'place.near_strong_after',
    log.strong.some((at) => at > index && at <= index + 6),
  )
  set('place.first_of_run', strong && !isStrong(view.at(index - 1)) && isStrong(view.at(index + 1)))
  set('place.later_of_run', strong && isStrong(view.at(index - 1)))
  const exitAfter = log.exits.find((at) => at > index)
  set('place.exit_near', exitAfter !== undefined && exitAfter - index <= 6)
  set('place.exit_after', exitAfter !== undefined)
  set(
    'place.exit_before',
    log.exits.some((at) => at < index),
  )
  const lastSuccess = log.successes.findLast((at) => at < index)
  set('place.success_near_before', lastSuccess !== undefined && index - lastSuccess <= 5)
  set(
    'place.success_after',
    log.successes.some((at) => at > index),
  )
  set(
    'place.first_strong_since_success',
    strong && !log.strong.some((at) => at < index && at > (lastSuccess ?? -1)),
  )

  const section = log.tree.sectionOf(index)
  set('section.culprit', section !== undefined && section === log.tree.culprit)
  set('section.other', section !== undefined && section !== log.tree.culprit)
  set('section.outside', section === undefined && log.tree.culprit !== undefined)
  set('section.went_on', section?.end === 'went_on')

  const headline = headlineOf(view, index)
  const none = headline !== undefined && namesNoCause(headline, table)
  const distance = headline ? index - headline.index : 0
  const detail = isDetail(line)
  const firstDetail =
    headline !== undefined && detail && !detailBetween(view, headline.index, index)
  set('block.under_headline', headline !== undefined)
  set('block.under_nameless', none)
  set('block.under_named', headline !== undefined && !none)
  set('block.detail', detail)
  set('block.nameless_detail', none && detail)
  set('block.nameless_first_detail', none && firstDetail)
  set('block.named_first_detail', headline !== undefined && !none && firstDetail)
  set('block.nameless_next', none && distance === 1)
  set('block.nameless_second', none && distance === 2)
  set('block.nameless_deeper', none && line.indent > (headline?.indent ?? 0))
  set('block.nameless_strong', none && strong)
  set('block.after_colon', headline?.looks.has('colon_end') === true && distance <= 3)
  set('block.api_code', /\[code: \d{1,9}\]/.test(line.core))
  set('block.head_reliability', headline ? Math.max(0, reliabilityOf(headline, table)) : 0)
  set('block.nameless_itself', namesNoCause(line, table))
  set('block.nameless_itself_with_detail', namesNoCause(line, table) && hasDetail(view, index))
  set('block.list_under_nameless', none && looks.has('list_item'))
  set('block.sentence_under_nameless', none && looks.has('sentence'))
}

/** Whether something between two lines is a detail. */
function detailBetween(view: View, from: number, to: number): boolean {
  for (let at = from + 1; at < to; at++) {
    if ((view.isSuspect(at) || view.mayQuote(at)) && isDetail(view.at(at))) return true
  }
  return false
}
