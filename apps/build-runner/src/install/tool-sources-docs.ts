/** The table of docs/tool-versions.md, as the runner's own table has it. */
import { TOOL_SOURCES, type ToolSource, type VersionFile } from './tool-sources.ts'
import { TOOLS, type ToolName } from './tools.ts'

/** Markdown. */
export function describeToolSources(): string {
  const rows = (Object.keys(TOOL_SOURCES) as ToolName[]).map((tool) => {
    const { title, sources, examples } = TOOL_SOURCES[tool]
    const asked = sources.map(describeSource).join('<br>')
    return `| ${title} | ${asked} | ${examples} | ${TOOLS[tool].defaultVersion} |`
  })
  return [
    '| tool | asked for by, the first counts | for example | otherwise |',
    '| - | - | - | - |',
    ...rows,
  ].join('\n')
}

function describeSource(source: ToolSource): string {
  switch (source.kind) {
    case 'variable':
      return `the variable \`${source.name}\``
    case 'project':
      return '`packageManager`, then `devEngines.packageManager` of package.json'
    case 'files':
      return source.files.map(describeFile).join('<br>')
    case 'lockfile':
      return source.files
        .map((file) => `${describeFile(file)}: one that understands it`)
        .join('<br>')
  }
}

function describeFile({ name, part }: VersionFile): string {
  return part === undefined ? `\`${name}\`` : `\`${name}\`, ${part}`
}
