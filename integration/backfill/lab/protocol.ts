/** What the programs of the lab and its front say to each other. */
import type { LogLine, RunnerStatusUpdate } from '@workers-builds/contracts'

/** A build to fill: the flushes of its log, and what the runner says at last. */
export type FilledBuild = { build_id: number; flushes: LogLine[][]; last: RunnerStatusUpdate }

/** What reading logs came to; times in ms since the first log was asked for. */
export type ReadResult = { lines: number; first_ms: number; last_ms: number }

/** What one build costs to keep and to read, while it is written and after it is closed. */
export type BuildCost = Record<'before' | 'after', { bytes: number; rows_read: number }>

/** What the Durable Objects have done since the Workers were started. */
export type Counts = { do_requests: number; rows_read: number }

/** How the published way is to search a log: as it was printed, or with our detector. */
export type Matching = 'printed' | 'ours'
