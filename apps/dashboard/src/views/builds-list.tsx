import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { buildsQuery } from '../api/queries.ts'
import { Ago } from '../parts/ago.tsx'
import { formatDuration, shortHash } from '../parts/format.ts'
import { Failure, Loading, Notice } from '../parts/notice.tsx'
import { State } from '../parts/state.tsx'
import { type BuildsSearch, queryOf } from './build-filters.ts'

type Options = readonly (readonly [value: string, label: string])[]

const OUTCOMES: Options = [
  ['', 'Any outcome'],
  ['success', 'Succeeded'],
  ['fail', 'Failed'],
  ['cancelled', 'Cancelled'],
  ['skipped', 'Skipped'],
  ['terminated', 'Ended'],
]

const STATES: Options = [
  ['', 'Any state'],
  ['queued', 'Queued'],
  ['initializing', 'Starting'],
  ['running', 'Running'],
  ['stopped', 'Over'],
]

const SOURCES: Options = [
  ['', 'Any reason to build'],
  ['push_event', 'A push'],
  ['retry', 'A retry'],
  ['manual', 'Started by hand'],
  ['deploy_hook', 'A deploy hook'],
]

/** Filters that are asked for less often. */
const MORE = ['status', 'build_trigger_source', 'author', 'cause', 'from', 'to'] as const

/** Builds, newest first, with what narrows them down; their states change as they run. */
export function BuildsList({
  account_id,
  script_tag,
  filters,
  onFilter,
}: {
  account_id: string
  script_tag?: string
  filters: BuildsSearch
  onFilter: (filters: BuildsSearch) => void
}) {
  const all = { ...queryOf(filters), ...(script_tag !== undefined && { script_tag }) }
  const found = useInfiniteQuery(buildsQuery(account_id, all))
  const builds = found.data?.pages.flatMap((page) => page.builds) ?? []
  const [hasMore, showMore] = useState(MORE.some((name) => filters[name] !== undefined))
  const set = (name: keyof BuildsSearch, value: string) => {
    const { [name]: _, ...others } = filters
    onFilter(value === '' ? others : { ...others, [name]: value })
  }
  const field = (name: keyof BuildsSearch) => ({
    value: filters[name] ?? '',
    onChoose: (value: string) => set(name, value),
  })
  return (
    <>
      <form className="filters" onSubmit={(event) => event.preventDefault()}>
        <input
          type="search"
          aria-label="Search messages and commits"
          placeholder="Message or commit"
          defaultValue={filters.search}
          onChange={(event) => set('search', event.target.value.trim())}
        />
        <input
          type="search"
          aria-label="Branch"
          placeholder="Branch"
          defaultValue={filters.branch}
          onChange={(event) => set('branch', event.target.value.trim())}
        />
        <Choice label="Outcome" options={OUTCOMES} {...field('build_outcome')} />
        <details open={hasMore} onToggle={({ currentTarget }) => showMore(currentTarget.open)}>
          <summary>More filters</summary>
          <div className="filters">
            <Choice label="State" options={STATES} {...field('status')} />
            <Choice label="Started by" options={SOURCES} {...field('build_trigger_source')} />
            <Text label="Author" {...field('author')} />
            <Text label="Cause" {...field('cause')} />
            <Text label="From" type="date" {...field('from')} />
            <Text label="To" type="date" {...field('to')} />
          </div>
        </details>
      </form>
      {found.error && builds.length === 0 && (
        <Failure error={found.error} onRetry={() => void found.refetch()} />
      )}
      {found.isPending && <Loading />}
      {found.isSuccess && builds.length === 0 && !found.hasNextPage && (
        <Notice title={Object.keys(filters).length === 0 ? 'No build yet' : 'No build matches'}>
          <p>
            {Object.keys(filters).length === 0
              ? 'Push to its repository, and it is built.'
              : 'Try fewer words, or another outcome.'}
          </p>
        </Notice>
      )}
      <ul className="rows">
        {builds.map((build) => {
          const { commit_message, branch, commit_hash, author } = build.build_trigger_metadata
          return (
            <li key={build.build_uuid} className="row">
              <Link
                to="/$account_id/builds/$build_uuid"
                params={{ account_id, build_uuid: build.build_uuid }}
                className="row-build"
              >
                <State build={build} />
                <span className="message">{commit_message.split('\n')[0]}</span>
                <code>{branch}</code>
                <code>{shortHash(commit_hash)}</code>
                <span className="quiet">{author}</span>
                <span className="quiet">{durationOf(build)}</span>
                <Ago iso={build.created_on} />
              </Link>
            </li>
          )
        })}
      </ul>
      {found.hasNextPage && (
        <button
          type="button"
          disabled={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          {found.isFetchingNextPage ? 'Loading …' : 'Older builds'}
        </button>
      )}
    </>
  )
}

type Field = { label: string; value: string; onChoose: (value: string) => void }

function Choice({ label, options, value, onChoose }: Field & { options: Options }) {
  return (
    <select aria-label={label} value={value} onChange={({ target }) => onChoose(target.value)}>
      {options.map(([option, name]) => (
        <option key={option} value={option}>
          {name}
        </option>
      ))}
    </select>
  )
}

function Text({ label, value, onChoose, type = 'search' }: Field & { type?: 'search' | 'date' }) {
  return (
    <label>
      {label}{' '}
      <input
        type={type}
        defaultValue={value}
        onChange={({ target }) => onChoose(target.value.trim())}
      />
    </label>
  )
}

function durationOf({
  initializing_on,
  stopped_on,
}: {
  initializing_on: string | null
  stopped_on: string | null
}) {
  if (initializing_on === null || stopped_on === null) return ''
  return formatDuration(Date.parse(stopped_on) - Date.parse(initializing_on))
}
