import { detect } from '@workers-builds/error-detection'
import { describe, expect } from 'vitest'
import { test } from '../testing/harness.ts'

const POETRY = {
  'pyproject.toml': `[tool.poetry]
name = "fixture"
version = "1.0.0"
description = ""
authors = []
package-mode = false

[tool.poetry.dependencies]
python = ">=3.9"
iniconfig = "2.0.0"
`,
  'poetry.lock': `[[package]]
name = "iniconfig"
version = "2.0.0"
description = ""
optional = false
python-versions = ">=3.7"
groups = ["main"]
files = [
    {file = "iniconfig-2.0.0-py3-none-any.whl", hash = "sha256:b6a85871a79d2e3b22d2d1b94ac2824226a63c6b741c88f7ae975f18b6778374"},
    {file = "iniconfig-2.0.0.tar.gz", hash = "sha256:2d91e135bf72d31a410b17c16da610a82cb55f6b0477d1a902134b24a455b8b3"},
]

[metadata]
lock-version = "2.1"
python-versions = ">=3.9"
content-hash = "64badbcf048970dd69b03d40b98df2426d4245dbc28a2daf2d8dac96817832e2"
`,
}

const UV = {
  'pyproject.toml': `[project]
name = "fixture"
version = "1.0.0"
requires-python = ">=3.9"
dependencies = ["helper"]

[tool.uv.sources]
helper = { path = "helper" }
`,
  'helper/pyproject.toml': `[project]
name = "helper"
version = "1.2.3"

[project.scripts]
helper = "helper:main"

[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
`,
  'helper/helper.py': 'def main(): print("helped")\n',
  'uv.lock': `version = 1
revision = 2
requires-python = ">=3.9"

[[package]]
name = "fixture"
version = "1.0.0"
source = { virtual = "." }
dependencies = [
    { name = "helper" },
]

[package.metadata]
requires-dist = [{ name = "helper", directory = "helper" }]

[[package]]
name = "helper"
version = "1.2.3"
source = { directory = "helper" }
`,
}

const SHOW_INICONFIG = `python -c "from importlib.metadata import version; print(version('iniconfig'))"`

describe('Python dependencies', { timeout: 240_000 }, () => {
  test.for([
    {
      name: 'requirements.txt, with pip',
      files: { 'requirements.txt': 'iniconfig==2.0.0\n' },
      build_command: SHOW_INICONFIG,
      command: 'pip install --progress-bar off -r requirements.txt',
      printed: '2.0.0',
    },
    {
      name: 'poetry.lock, with Poetry',
      files: POETRY,
      build_command: SHOW_INICONFIG,
      command: 'poetry install --no-interaction --no-ansi',
      printed: '2.0.0',
    },
    {
      name: 'uv.lock, with uv',
      files: { ...UV, 'requirements.txt': 'not-used\n' },
      build_command: 'helper',
      command: 'uv sync --locked --no-progress',
      printed: 'helped',
    },
  ])('of $name are there for the build command', async (row, { h }) => {
    const { files, build_command, command, printed } = row
    await h.run(h.repository(files), {
      build_command: `${build_command} && git status --porcelain --untracked-files=no`,
    })
    const { messages, stopped } = h.controlPlane
    expect(stopped, messages.join('\n')).toMatchObject({ build_outcome: 'success' })
    expect(messages).toContainEqual(expect.stringMatching(/tools from environment: python@3\.\d/))
    expect(messages).toContain(`Installing project dependencies: ${command}`)
    expect(messages.slice(-2)).toEqual([printed, 'Success: Build command completed'])
  })

  test('that cannot be installed end the build', async ({ h }) => {
    await h.run(h.repository({ 'requirements.txt': 'iniconfig==99.99.99\n' }), {
      build_command: 'echo never',
    })
    expect(h.controlPlane.messages.join('\n')).toContain('iniconfig==99.99.99')
    expect(h.controlPlane.stopped).toMatchObject({ failure_reason: 'install_failed', exit_code: 1 })
  })

  test('are left out by SKIP_DEPENDENCY_INSTALL', async ({ h }) => {
    await h.run(h.repository({ 'requirements.txt': 'iniconfig==99.99.99\n' }), {
      variables: { SKIP_DEPENDENCY_INSTALL: '1' },
      build_command: 'true',
    })
    expect(h.controlPlane.stopped).toMatchObject({ build_outcome: 'success' })
  })
})

describe('a version of a language that is none', () => {
  test.for([
    {
      files: { '.python-version': '# ours\nthree\n' },
      line: '.python-version: three is not a version of python: write one such as 3.13.3 or 3.13',
    },
    {
      files: { 'go.mod': 'module x\n\ntoolchain 1.x.y\n' },
      line: 'go.mod (the line of toolchain): 1.x.y is not a version of go: write one such as 1.24.3 or 1.24',
    },
    {
      files: {},
      variables: { HUGO_VERSION: 'extended' },
      line: 'HUGO_VERSION: extended is not a version of hugo: write one such as 0.147.7 or extended_0.147.7',
    },
  ])('ends the build with "$line"', async ({ files, variables = {}, line }, { h }) => {
    await h.run(h.repository({ 'README.md': '', ...files }), { variables, build_command: 'true' })
    const { lines, messages, stopped } = h.controlPlane
    expect(messages.at(-2)).toBe(line)
    expect(stopped).toMatchObject({ failure_reason: 'install_failed', exit_code: null })
    expect(detect(lines, { failure_reason: 'install_failed' }).errors).toMatchObject([
      { cause: 'tool_version_not_found' },
    ])
  })
})

describe('another Go than the machine’s', { timeout: 240_000 }, () => {
  test('is fetched by that one, and runs the build', async ({ h }) => {
    await h.run(h.repository({ '.tool-versions': 'golang 1.23.4\n' }), {
      build_command: 'go version',
    })
    const { messages, stopped } = h.controlPlane
    expect(stopped, messages.join('\n')).toMatchObject({ build_outcome: 'success' })
    expect(messages).toContain('Detected the following tools from environment: go@1.23.4')
    expect(messages.at(-2)).toMatch(/^go version go1\.23\.4 /)
  })

  test('that was never released ends the build', async ({ h }) => {
    await h.run(h.repository({ 'README.md': '' }), { variables: { GO_VERSION: '1.24.99' } })
    expect(h.controlPlane.messages.at(-2)).toBe(
      'GO_VERSION: 1.24.99 is not a version of go: write one such as 1.24.3 or 1.24',
    )
  })
})
