/** A page of the documentation, from its Markdown to what the browser shows and searches. Pure. */
import { Marked } from 'marked'
import { getHeadingList, gfmHeadingId } from 'marked-gfm-heading-id'

export interface Doc {
  title: string
  html: string
}

/** A heading with the text below it, as the search knows it. */
export interface DocSection {
  /** '' for what stands above the first heading but the title. */
  anchor: string
  heading: string
  text: string
}

/** Links to what is no page of docs/ become text: they lead into the repository. */
export function readDoc(markdown: string): Doc {
  const marked = new Marked(gfmHeadingId())
  marked.use({
    renderer: {
      link({ href, tokens }) {
        const text = this.parser.parseInline(tokens)
        const page = /^([\w-]+)\.md(#.*)?$/.exec(href)
        if (page) return `<a href="/docs/${page[1]}${page[2] ?? ''}">${text}</a>`
        if (/^(?:https?:|#)/.test(href)) return `<a href="${encodeURI(href)}">${text}</a>`
        return `<span title="${href} in the repository">${text}</span>`
      },
      code({ text }) {
        return `<pre tabindex="0"><code>${escapeHtml(text)}</code></pre>`
      },
      table(token) {
        const row = (cells: typeof token.header) =>
          `<tr>${cells.map((cell) => this.tablecell(cell)).join('')}</tr>`
        const body = token.rows.map(row).join('')
        return `<div class="scroll" tabindex="0" role="region" aria-label="Table"><table><thead>${row(token.header)}</thead><tbody>${body}</tbody></table></div>`
      },
    },
  })
  const html = marked.parse(markdown, { async: false })
  return { title: titleOf(markdown), html }
}

/** The sections of a page. */
export function readSections(markdown: string): DocSection[] {
  const marked = new Marked(gfmHeadingId())
  const sections: DocSection[] = [{ anchor: '', heading: titleOf(markdown), text: '' }]
  marked.parse(markdown, { async: false })
  const anchors = getHeadingList().values()
  for (const token of marked.lexer(markdown)) {
    if (token.type === 'heading') {
      const anchor = anchors.next().value?.id ?? ''
      if (token.depth > 1) sections.push({ anchor, heading: plain(token.text), text: '' })
    } else if (token.type !== 'space') {
      const section = sections.at(-1)
      if (section) section.text += `${plain(token.raw)} `
    }
  }
  return sections
}

export function titleOf(markdown: string): string {
  return plain(/^# (.+)$/m.exec(markdown)?.[1] ?? 'Documentation')
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}

/** Without what only marks. */
function plain(markdown: string): string {
  return markdown
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[`*|]|^[ \t>#-]+/gm, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}
