import type { BuildDetails } from '@workers-builds/contracts'
import { useNow } from './ago.tsx'
import { formatDuration } from './format.ts'

const TITLES: Record<BuildDetails['steps'][number]['step'], string> = {
  initializing: 'Initialize',
  cloning: 'Clone',
  installing: 'Install',
  building: 'Build',
  deploying: 'Deploy',
}

type Span = { title: string; from: number; to: number; isBad: boolean; isRunning: boolean }

/** What took how long, from the push on. */
export function Timeline({ build }: { build: BuildDetails }) {
  const now = useNow(1_000)
  const spans = spansOf(build, now)
  const total = spans.reduce((sum, { from, to }) => sum + Math.max(1, to - from), 0)
  return (
    <ol className="timeline" aria-label="Steps">
      {spans.map(({ title, from, to, isBad, isRunning }) => (
        <li
          key={title}
          className={`${isBad ? 'step-bad' : ''} ${isRunning ? 'step-running' : ''}`}
          style={{ flexGrow: Math.max(0.04, (to - from) / total) }}
        >
          <span>{title}</span>
          <small>{formatDuration(to - from)}</small>
        </li>
      ))}
    </ol>
  )
}

function spansOf(build: BuildDetails, now: number): Span[] {
  const stopped = build.stopped_on === null ? undefined : Date.parse(build.stopped_on)
  const begun = build.initializing_on === null ? undefined : Date.parse(build.initializing_on)
  const queued: Span = {
    title: 'Queue',
    from: Date.parse(build.created_on),
    to: begun ?? stopped ?? now,
    isBad: false,
    isRunning: begun === undefined && stopped === undefined,
  }
  const steps = build.steps.map(({ step, started_on, ended_on, exit_code }): Span => {
    const isLast = step === build.steps.at(-1)?.step
    return {
      title: TITLES[step],
      from: Date.parse(started_on),
      to: ended_on === null ? (stopped ?? now) : Date.parse(ended_on),
      isBad: (exit_code !== null && exit_code !== 0) || (isLast && build.build_outcome === 'fail'),
      isRunning: ended_on === null && stopped === undefined,
    }
  })
  return [queued, ...steps]
}
