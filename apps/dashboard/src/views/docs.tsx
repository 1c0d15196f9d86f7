import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import MiniSearch from 'minisearch'
import { type MouseEvent, useEffect } from 'react'
import type { Doc, DocSection } from '../../docs/read-doc.ts'
import { Failure, Loading, Notice } from '../parts/notice.tsx'

type Pages<Form> = Record<string, () => Promise<Form>>
const TITLES = byName(
  import.meta.glob('../../../../docs/*.md', {
    query: '?title',
    import: 'default',
    eager: true,
  }) as Record<string, string>,
)
const PAGES = byName(
  import.meta.glob('../../../../docs/*.md', { query: '?doc', import: 'default' }) as Pages<Doc>,
)
const SECTIONS = byName(
  import.meta.glob('../../../../docs/*.md', {
    query: '?sections',
    import: 'default',
  }) as Pages<DocSection[]>,
)

/** The documentation's list, or what a search finds in it. */
export function Docs() {
  const { q = '' } = useSearch({ from: '/docs' })
  const navigate = useNavigate()
  return (
    <section className="docs">
      <h1>Documentation</h1>
      <label>
        Search{' '}
        <input
          type="search"
          value={q}
          onChange={({ target }) =>
            void navigate({
              to: '/docs',
              search: target.value === '' ? {} : { q: target.value },
              replace: true,
            })
          }
        />
      </label>
      {q.trim() === '' ? <List /> : <Found words={q} />}
    </section>
  )
}

function List() {
  return (
    <ul>
      {Object.entries(TITLES)
        .toSorted(([, a], [, b]) => a.localeCompare(b))
        .map(([name, title]) => (
          <li key={name}>
            <Link to="/docs/$page" params={{ page: name }}>
              {title}
            </Link>
          </li>
        ))}
    </ul>
  )
}

function Found({ words }: { words: string }) {
  const index = useQuery({ queryKey: ['docs', 'index'], queryFn: readIndex, staleTime: Infinity })
  if (index.data === undefined) return <Loading />
  const found = index.data.search(words, { prefix: true, fuzzy: 0.15, boost: { heading: 3 } })
  if (found.length === 0) return <Notice title="Nothing is found">Try fewer or other words.</Notice>
  return (
    <ol aria-live="polite">
      {found.slice(0, 30).map(({ id, page, anchor, heading, title }) => (
        <li key={id}>
          <Link to="/docs/$page" params={{ page }} hash={anchor}>
            {heading}
          </Link>{' '}
          <span className="quiet">{title}</span>
        </li>
      ))}
    </ol>
  )
}

/** One page of it. */
export function DocPage() {
  const { page } = useParams({ from: '/docs/$page' })
  const read = PAGES[page]
  const doc = useQuery({
    queryKey: ['docs', page],
    queryFn: () => read?.() ?? null,
    staleTime: Infinity,
  })
  if (read === undefined) {
    return (
      <Notice title={`There is no page ${page}`}>
        <Link to="/docs">All pages of the documentation</Link>
      </Notice>
    )
  }
  if (doc.error !== null) return <Failure error={doc.error} onRetry={() => void doc.refetch()} />
  return doc.data ? <Article {...doc.data} /> : <Loading />
}

function Article({ title, html }: Doc) {
  const navigate = useNavigate()
  useEffect(() => {
    document.title = `${title} · Workers Builds`
    // The place that the address names was not there when the page was opened.
    const id = decodeURIComponent(location.hash.slice(1))
    if (id !== '') document.getElementById(id)?.scrollIntoView()
  }, [title])
  const follow = (event: MouseEvent) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey
    if (!isPlain || !link?.pathname.startsWith('/docs/') || link.origin !== location.origin) return
    if (link.pathname === location.pathname) return
    event.preventDefault()
    void navigate({ to: link.pathname, hash: link.hash.slice(1) })
  }
  return (
    <>
      <nav aria-label="Documentation">
        <Link to="/docs">Documentation</Link>
      </nav>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: links are followed by keys as clicks */}
      <article
        className="docs"
        onClick={follow}
        // biome-ignore lint/security/noDangerouslySetInnerHtml: made from docs/ of this repository when the page is built
        dangerouslySetInnerHTML={{ __html: html }}
      />
    </>
  )
}

async function readIndex() {
  const index = new MiniSearch({
    fields: ['heading', 'text'],
    storeFields: ['page', 'anchor', 'heading', 'title'],
  })
  for (const [page, read] of Object.entries(SECTIONS)) {
    const sections = await read()
    const title = TITLES[page] ?? page
    index.addAll(
      sections.map((section) => ({ ...section, id: `${page}#${section.anchor}`, page, title })),
    )
  }
  return index
}

function byName<Value>(pages: Record<string, Value>): Record<string, Value> {
  const entries = Object.entries(pages)
  return Object.fromEntries(entries.map(([path, read]) => [path.replace(/^.*\/|\.md$/g, ''), read]))
}
