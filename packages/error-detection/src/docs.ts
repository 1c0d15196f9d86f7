/**
 * The page of documentation that lists every code and cause, made from the signatures.
 *
 * @module
 */
import { CAUSES } from './causes.ts'
import { EXPLAINED_REASONS, errorsOfControlPlane } from './control-plane.ts'
import type { CompiledSignature } from './engine/knowledge-base.ts'
import { knowledgeBase } from './knowledge.ts'
import { NAME_CONFIDENCE, PROGRAM_ERROR } from './naming/name.ts'

const FAULTS = {
  user: 'the project',
  platform: 'the platform',
  upstream: 'somebody else’s service',
  suspect: 'the project by its looks; worth a platform engineer’s eye',
} as const

/** The page, as Markdown. */
export function errorsPage(): string {
  const { signatures } = knowledgeBase()
  return [
    '<!-- Generated from packages/error-detection by `pnpm --filter @workers-builds/error-detection run docs`. -->',
    '',
    '# Errors',
    '',
    'Three columns say why a build failed: an `error_code` says whose error it is, a `cause` names the reason',
    'across tools, and an `error_group` is the message with everything private masked. Equal failures have',
    'equal groups, so that they can be counted. A failure that is not known yet has the code `unclassified`,',
    'and never counts as explained.',
    '',
    `${signatures.length} signatures of ${new Set(signatures.map(({ tool }) => tool)).size} tools give`,
    `${codesOf(signatures).length} codes and ${Object.keys(CAUSES).length} causes.`,
    '',
    '## Causes',
    '',
    '| cause | meaning | at fault | what to do |',
    '| --- | --- | --- | --- |',
    ...Object.entries(CAUSES).map(
      ([cause, { title, fault, fix }]) =>
        `| \`${cause}\` | ${cell(title)} | ${FAULTS[fault]} | ${cell(fix)} |`,
    ),
    '',
    '## Codes',
    '',
    ...codesOf(signatures).flatMap((code) => codeSection(code, signatures)),
    ...namedSection(),
    ...controlPlaneSection(),
  ].join('\n')
}

function codesOf(signatures: readonly CompiledSignature[]): string[] {
  return [...new Set(signatures.map(({ error_code }) => error_code))].sort()
}

function codeSection(code: string, signatures: readonly CompiledSignature[]): string[] {
  const own = signatures.filter(({ error_code }) => error_code === code)
  const tools = [...new Set(own.map(({ tool }) => tool))].join(', ')
  return [
    `### \`${code}\``,
    '',
    `An error of ${tools}. See <${own[0]?.docs_url}>.`,
    '',
    '| group | cause | meaning | at fault |',
    '| --- | --- | --- | --- |',
    ...own.map(
      (signature) =>
        `| ${cell(inlineCode(groupOf(signature)))} | \`${signature.cause}\` | ${cell(signature.title)} | ${signature.fault} |`,
    ),
    '',
  ]
}

function groupOf({ source }: CompiledSignature): string {
  const first = typeof source.message === 'string' ? source.message : source.message[0]
  const group = source.group ?? first ?? ''
  return group.replace(/^\^/, '').replace(/\$$/, '').replace(/ {2,}/g, ' ').trim()
}

function namedSection(): string[] {
  return [
    '## Errors that no signature knows',
    '',
    'The decisive line of a failure may be one that no signature describes. Its code is that of the tool whose',
    `headline or command it stands under, or \`${PROGRAM_ERROR}\` for a program that is not known, such as a script of`,
    'the project; its cause is read from its words; its group is the line, with all but public words masked.',
    `Their confidence is ${Object.values(NAME_CONFIDENCE).join(', ')}: for a known headline, for a tool and words, for`,
    'words alone, and for a tool alone.',
    '',
  ]
}

function controlPlaneSection(): string[] {
  const errors = EXPLAINED_REASONS.flatMap((failure_reason) =>
    errorsOfControlPlane({ failure_reason, errors: [], recent: [] }).map((error) => ({
      failure_reason,
      error,
    })),
  )
  return [
    '## Failures that need no log',
    '',
    'The control plane reports these itself.',
    '',
    '| failure reason | code | cause | meaning |',
    '| --- | --- | --- | --- |',
    ...errors.map(
      ({ failure_reason, error }) =>
        `| \`${failure_reason}\` | \`${error.error_code}\` | \`${error.cause}\` | ${cell(error.title)} |`,
    ),
    '',
  ]
}

function inlineCode(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
