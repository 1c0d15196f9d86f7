/** Lets the page import docs/*.md: `?title`, as `?doc` what to show, as `?sections` what to search. */
import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'
import { readDoc, readSections, titleOf } from './read-doc.ts'

const FORMS: Record<string, (markdown: string) => unknown> = {
  title: titleOf,
  doc: readDoc,
  sections: readSections,
}

export function docs(): Plugin {
  return {
    name: 'docs',
    enforce: 'pre',
    load(id) {
      const [path = '', form = ''] = id.split('?')
      const read = path.endsWith('.md') ? FORMS[form] : undefined
      if (read === undefined) return null
      return `export default ${JSON.stringify(read(readFileSync(path, 'utf8')))}`
    },
  }
}
