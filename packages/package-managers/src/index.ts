/**
 * Which package manager installs a project, in which version, and in which folder. Pure: it reads
 * files through a `Reader`.
 *
 * @module
 */

export { readDevEnginesRuntime } from './manifest.ts'
export { LOCKFILES, PACKAGE_MANAGERS, type PackageManager } from './package-manager.ts'
export type { Source } from './precedence.ts'
export { type Project, type Reader, readProject } from './read-project.ts'
