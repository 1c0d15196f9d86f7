import { describe, expect, test } from 'vitest'
import { knowledgeBase } from '../knowledge.ts'
import { surveyOf } from './survey.ts'
import { createView } from './view.ts'

function treeOf(messages: readonly string[]) {
  const lines = messages.map((message, line) => ({ line, step: null, message }))
  return surveyOf(createView(knowledgeBase(), lines)).tree
}

describe('the failure belongs to', () => {
  const script = ['> site@1.0.0 build', '> quill bake', '', 'Error: no ink']

  test('the innermost command that did not end well', () => {
    const tree = treeOf([
      'Executing user build command: npm run build',
      ...script,
      'npm error code 1',
      'Failed: error occurred while running build command',
    ])
    expect(tree.culprit).toMatchObject({
      command: 'quill bake',
      end: 'failed',
      parent: { command: 'npm run build' },
    })
    expect(tree.sectionOf(4)).toBe(tree.culprit)
  })

  test('the one in which the log ends', () => {
    const tree = treeOf(['$ npm run build', '> ink mix', 'mixing', '> quill bake', 'Error: no ink'])
    expect(tree.culprit).toMatchObject({ command: 'quill bake', end: 'open' })
    expect(tree.sectionOf(2)).toMatchObject({ command: 'ink mix', end: 'went_on' })
  })

  test('no command after which a service runs another one', () => {
    const tree = treeOf([
      '##[group]Run quill lint',
      'Error: no ink',
      '##[error]Process completed with exit code 1.',
      '##[group]Run quill bake',
      'Error: no feather',
      '##[error]Process completed with exit code 2.',
    ])
    expect(tree.culprit).toMatchObject({ command: 'quill bake', end: 'failed' })
  })

  test('nobody where no command is echoed', () => {
    expect(treeOf(['Error: no ink']).culprit).toBeUndefined()
  })

  test('no line of a difference, which begins like a traced command', () => {
    expect(treeOf(['-  version: 10', '+  version: 8', '+ quill: 3']).culprit).toBeUndefined()
  })
})
