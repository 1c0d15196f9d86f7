/** `pnpm docs:tools`: writes the table of tools and versions into docs/tool-versions.md. */
import { readFileSync, writeFileSync } from 'node:fs'
import { describeToolSources } from '../src/install/tool-sources-docs.ts'

const PAGE = new URL('../../../docs/tool-versions.md', import.meta.url)
const page = readFileSync(PAGE, 'utf8')
writeFileSync(PAGE, page.replace(/^\|.*\n(?:\|.*\n)*/m, `${describeToolSources()}\n`))
