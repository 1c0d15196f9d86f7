import { defineProject } from 'vitest/config'

/** What is held against the documentation: it needs no Worker and no database. */
export default defineProject({ test: { name: 'build-management in Node', include: ['*.spec.ts'] } })
