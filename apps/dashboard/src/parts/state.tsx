import type { Build } from '@workers-builds/contracts'

const LABELS: Record<string, string> = {
  queued: 'Queued',
  initializing: 'Starting',
  running: 'Running',
  success: 'Succeeded',
  fail: 'Failed',
  skipped: 'Skipped',
  cancelled: 'Cancelled',
  terminated: 'Ended',
}

/** A build's state as a word with a mark of its own, so that colour is not all that tells them apart. */
export function State({ build }: { build: Pick<Build, 'status' | 'build_outcome'> }) {
  const state = build.build_outcome ?? build.status
  return (
    <span className={`state state-${state}`}>
      <span className="state-mark" aria-hidden="true" />
      {LABELS[state] ?? state}
    </span>
  )
}
