import { Link } from '@tanstack/react-router'
import type { BuildErrors, WorkerErrors } from '@workers-builds/contracts'
import { useState } from 'react'
import { shortHash } from './format.ts'

type DetectedError = Pick<
  BuildErrors['errors'][number],
  | 'error_code'
  | 'cause'
  | 'fault'
  | 'title'
  | 'fix'
  | 'docs_url'
  | 'line_number'
  | 'line_text'
  | 'context'
  | 'location'
>

const FAULTS: Record<DetectedError['fault'], string> = {
  user: 'In the project',
  platform: 'On our side',
  upstream: 'In a service that the build uses',
  suspect: 'Not sure whose',
}

/** Why a build failed: what it was, the line that says so, and what to do. */
export function Explanation({
  error,
  onGoTo,
  history,
}: {
  error: DetectedError
  onGoTo?: (line: number) => void
  history?: { account_id: string; of: WorkerErrors['errors'][number] } | undefined
}) {
  const { line_number, line_text, location } = error
  const lines = excerptOf(error)
  return (
    <article className="explanation">
      <header>
        <h2>{error.title}</h2>
        <p className="explanation-tags">
          <span className="tag">{FAULTS[error.fault]}</span>
          <code>{error.cause}</code>
          {location !== null && (
            <code>
              {location.file}
              {location.line !== null && `:${location.line}`}
            </code>
          )}
        </p>
      </header>
      {lines.length > 0 && (
        <pre className="excerpt">
          {lines.map(({ line_number: line, text }) => (
            <code key={line} className={line === line_number ? 'excerpt-decisive' : undefined}>
              <button
                type="button"
                className="line-number"
                onClick={() => onGoTo?.(line)}
                disabled={onGoTo === undefined}
              >
                {line}
              </button>
              <bdi>{text}</bdi>
              {'\n'}
            </code>
          ))}
        </pre>
      )}
      {error.fix !== null && (
        <p className="fix">
          <strong>What to do: </strong>
          {error.fix}{' '}
          {error.docs_url !== null && (
            <a href={error.docs_url} target="_blank" rel="noreferrer">
              Documentation
            </a>
          )}
        </p>
      )}
      {history !== undefined && <History account_id={history.account_id} of={history.of} />}
      <CopyButton text={() => markdownOf(error, line_text)} />
    </article>
  )
}

function History({ account_id, of }: { account_id: string; of: WorkerErrors['errors'][number] }) {
  const since = of.in_a_row_since
  const build = (uuid: string, commit: string) => (
    <Link to="/$account_id/builds/$build_uuid" params={{ account_id, build_uuid: uuid }}>
      {shortHash(commit)}
    </Link>
  )
  return (
    <p className="history">
      {of.builds_in_a_row === 1
        ? 'New with this build'
        : `${of.builds_in_a_row} builds in a row, since `}
      {of.builds_in_a_row > 1 && build(since.build_uuid, since.commit_hash)} on {since.branch}
      {of.last_good !== null && (
        <> · last good: {build(of.last_good.build_uuid, of.last_good.commit_hash)}</>
      )}
    </p>
  )
}

export function CopyButton({
  text,
  children = 'Copy as Markdown',
}: {
  text: () => string
  children?: string
}) {
  const [isCopied, setIsCopied] = useState(false)
  return (
    <button
      type="button"
      onClick={async () => {
        await navigator.clipboard.writeText(text())
        setIsCopied(true)
        setTimeout(() => setIsCopied(false), 2_000)
      }}
    >
      {isCopied ? 'Copied' : children}
    </button>
  )
}

/** The decisive line among those around it. */
function excerptOf({ line_number, line_text, context }: DetectedError) {
  if (line_number === null || line_text === null) return context
  const others = context.filter((line) => line.line_number !== line_number)
  return [...others, { line_number, text: line_text }].sort(
    (one, other) => one.line_number - other.line_number,
  )
}

function markdownOf(error: DetectedError, line_text: string | null): string {
  return [
    `**${error.title}** (\`${error.cause}\`)`,
    ...(line_text === null ? [] : ['', '```', line_text.replaceAll('```', "'''"), '```']),
    ...(error.fix === null ? [] : ['', error.fix]),
    ...(error.docs_url === null ? [] : ['', error.docs_url]),
    '',
    location.href,
  ].join('\n')
}
