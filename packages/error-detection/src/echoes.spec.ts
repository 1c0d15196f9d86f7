import { describe, expect, test } from 'vitest'
import { detect } from './index.ts'

/** What would be the answer if it were printed: a command may hold any words. */
const COMMAND = `node -e "throw new Error('Cannot find module acme')" || echo "fatal error: failed"`

/** How builders, package managers and shells echo a command before it runs. */
const ECHOES: Record<string, string[]> = {
  'Workers Builds, build': [`Executing user build command: ${COMMAND}`],
  'Workers Builds, deploy': [`Executing user deploy command: ${COMMAND}`],
  Pages: [`Executing user command: ${COMMAND}`],
  npm: ['', '> site@1.0.0 build', `> ${COMMAND}`, ''],
  'npm, a package without a version': ['> site@ build', `> ${COMMAND}`],
  'npm, a package without a name': ['> build', `> ${COMMAND}`],
  'npm, a scoped package': ['> @acme/site@1.0.0 build:worker', `> ${COMMAND}`],
  pnpm: ['> site@1.0.0 build /opt/buildhome/repo', `> ${COMMAND}`],
  'pnpm, in workspaces': [`apps/web build$ ${COMMAND}`],
  'yarn, bun': [`$ ${COMMAND}`],
  turbo: ['web:build: > web@0.1.0 build', `web:build: > ${COMMAND}`],
  nx: ['> nx run web:build', `> ${COMMAND}`],
  deno: [`Task build ${COMMAND}`],
  'set -x': [`+ ${COMMAND}`],
  'set -x, in a subshell': [`++ ${COMMAND}`],
  'GitHub Actions': [`##[group]Run ${COMMAND}`, `[command]${COMMAND}`],
  Vercel: [`Running "${COMMAND}"`],
  Render: [`==> Running build command '${COMMAND}'...`],
  Docker: [`#9 [build 4/5] RUN ${COMMAND}`, `Step 4/5 : RUN ${COMMAND}`],
}

describe('an echoed command is never the decisive line', () => {
  test('and what it prints is', () => {
    expect(detect(["Error: Cannot find module 'acme'"]).errors).toHaveLength(1)
  })

  test.each(Object.entries(ECHOES))('%s', (_name, lines) => {
    expect(detect(lines).errors).toEqual([])
    const stamped = lines.map((line) => line && `2026-01-17T19:15:23.209Z\t${line}`)
    expect(detect(stamped).errors).toEqual([])
    expect(detect([...lines, 'sh: 1: vite: not found']).errors).toMatchObject([
      { cause: 'command_not_found', line: lines.length },
    ])
  })
})
