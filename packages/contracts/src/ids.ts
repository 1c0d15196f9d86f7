import { z } from 'zod'

/** Sequential number of a build: it orders builds and bounds the ranges of backfills. */
export const BuildId = z.int().positive()
export type BuildId = z.infer<typeof BuildId>

/** The name of a build's BuildBuddy, for `idFromName`: every Worker that addresses it takes it from here. */
export function buildBuddyName(build_id: BuildId): string {
  return String(build_id)
}

/** Public name of a build, in URLs and for people. */
export const BuildUuid = z.uuid()
export type BuildUuid = z.infer<typeof BuildUuid>

/** A Cloudflare account id: 32 lower-case hex digits. */
export const AccountId = z.string().regex(/^[0-9a-f]{32}$/, 'expected 32 lower-case hex digits')
export type AccountId = z.infer<typeof AccountId>

/** A Worker's tag, called `external_script_id` elsewhere in the API: 32 lower-case hex digits. */
export const ScriptTag = z.string().regex(/^[0-9a-f]{32}$/, 'expected 32 lower-case hex digits')
export type ScriptTag = z.infer<typeof ScriptTag>

/** A full Git commit hash, SHA-1 or SHA-256. */
export const CommitHash = z
  .string()
  .regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'expected 40 or 64 lower-case hex digits')
export type CommitHash = z.infer<typeof CommitHash>
