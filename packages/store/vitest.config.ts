import { defineProject } from 'vitest/config'

// The files share one database, and some look at all builds in it.
export default defineProject({ test: { name: 'store', fileParallelism: false } })
