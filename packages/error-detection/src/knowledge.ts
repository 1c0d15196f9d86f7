/**
 * The signatures of this package, ready for the engine.
 *
 * @module
 */
import type { KnowledgeBase } from './engine/knowledge-base.ts'
import { compileKnowledgeBase } from './engine/knowledge-base.ts'
import { TOOLS } from './signatures/index.ts'

let compiled: KnowledgeBase | undefined

/** Everything that is known of all tools, compiled at first use. */
export function knowledgeBase(): KnowledgeBase {
  compiled ??= compileKnowledgeBase(TOOLS)
  return compiled
}
