/** Writes docs/errors.md. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { errorsPage } from '../src/docs.ts'

const docs = new URL('../../../docs/', import.meta.url)
mkdirSync(docs, { recursive: true })
writeFileSync(new URL('errors.md', docs), errorsPage())
