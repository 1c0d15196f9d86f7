import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readDoc, readSections } from './read-doc.ts'

const DOCS = new URL('../../../docs/', import.meta.url)

test('links to pages lead to pages, and those into the repository nowhere', () => {
  const { title, html } = readDoc(
    '# A `title`\n\n[one](errors.md), [two](page.md#keys), [three](../migrations/README.md), [four](https://example.com/a), [five](#below)\n',
  )
  expect(title).toBe('A title')
  expect(html).toContain('<a href="/docs/errors">one</a>')
  expect(html).toContain('<a href="/docs/page#keys">two</a>')
  expect(html).toContain('<span title="../migrations/README.md in the repository">three</span>')
  expect(html).toContain('<a href="https://example.com/a">four</a>')
  expect(html).toContain('<a href="#below">five</a>')
})

test('sections have the anchors of their headings, and plain text', () => {
  const markdown =
    '# Top\n\nFirst *words*.\n\n## A `code` heading\n\n| a | b |\n| - | - |\n| c | [d](e.md) |\n'
  expect(readDoc(markdown).html).toContain('<h2 id="a-code-heading">')
  expect(readSections(markdown)).toEqual([
    { anchor: '', heading: 'Top', text: 'First words . ' },
    { anchor: 'a-code-heading', heading: 'A code heading', text: expect.stringMatching(/c d/) },
  ])
})

describe.each(readdirSync(DOCS).filter((name) => name.endsWith('.md')))('%s', (name) => {
  const markdown = readFileSync(new URL(name, DOCS), 'utf8')
  const { html, title } = readDoc(markdown)

  test('has a title, and no script or style that the page would not run', () => {
    expect(title).not.toBe('Documentation')
    expect(html).not.toMatch(/<script|<style|\son\w+=|style=/i)
  })

  test('links to pages and headings that are there', () => {
    for (const [, page, anchor] of html.matchAll(/href="\/docs\/([\w-]+)(?:#([^"]*))?"/g)) {
      const linked = readFileSync(new URL(`${page}.md`, DOCS), 'utf8')
      if (anchor) expect(readDoc(linked).html, `${page}#${anchor}`).toContain(`id="${anchor}"`)
    }
    for (const [, anchor] of html.matchAll(/href="#([^"]+)"/g)) {
      expect(html).toContain(`id="${anchor}"`)
    }
  })
})
