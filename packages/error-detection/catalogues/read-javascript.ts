/**
 * Reads error messages out of JavaScript: the texts of errors that are made, of calls of functions
 * that report them, and of tables that hold them.
 *
 * @module
 */
import { parseSync } from 'oxc-parser'
import type { Message } from './message.ts'
import { isMessage, valueFor } from './message.ts'

/** A node of the syntax tree, as ESTree has it. */
interface Node {
  type: string
  [field: string]: unknown
}

/** Functions that report errors, in most programs. */
const REPORTERS =
  /(?:^|\.)(?:error|fatal|fail|die|panic|abort|raise|bail|throwError|reportError|addError|emitError|errorThrower)$/
const ERROR_CLASS = /(?:Error|Exception|Failure)$/

export interface ReadOptions {
  /** Further functions that are called with an error's text. */
  reporters?: RegExp
  /**
   * Which messages of a table are errors, where it holds warnings too: the places where the code
   * raises one, with its name.
   */
  raised?: RegExp
  /** Modules in a bundle that do not run while projects are built. */
  notModules?: RegExp
}

/** The messages in `source`, in their order. */
export function readJavaScript(source: string, options: ReadOptions = {}): Message[] {
  return bundledModules(source, options.notModules).flatMap((code) => readModule(code, options))
}

/** Heads of the modules that bundlers put into one file. */
const MODULE =
  /^(?:\/\/ |\/\/#region )((?:\.{1,2}\/|src\/|[\w@.-]+\/)[^\s]*\.[cm]?[jt]sx?)(?: \([^)]*\))?$/m

/** Modules of other packages. */
const OTHERS = /node_modules|\/\.pnpm\/|\/store\/v\d/

/** The modules in a bundle that are the tool's own; all of `source` where it is no bundle. */
function bundledModules(source: string, not = /^$/): string[] {
  const parts = source.split(new RegExp(MODULE, 'gm'))
  if (parts.length < 5) return [source]
  const own: string[] = []
  for (let at = 1; at < parts.length; at += 2) {
    const name = parts[at] ?? ''
    if (OTHERS.test(name) || not.test(name)) continue
    own.push(parts[at + 1] ?? '')
  }
  return own
}

function readModule(source: string, { reporters }: ReadOptions): Message[] {
  const { program, errors } = parseSync('module.ts', source, { sourceType: 'unambiguous' })
  if (errors.length > 0 && program.body.length === 0) return []
  const root = program as unknown as Node
  const constants = constantsOf(root)
  const text = (node: unknown) => textOf(node, constants)
  const messages: Message[] = []

  function add(by: string, candidates: readonly unknown[], entry = ''): void {
    const texts = candidates.flatMap((node) => text(node) ?? [])
    const code = texts.find((word) => /^(?:[A-Z]\w+|[a-z0-9]+(?:_[a-z0-9]+)+)$/.test(word))
    const message = texts.filter(isMessage).reduce((a, b) => (b.length > a.length ? b : a), '')
    if (message)
      messages.push({ text: message, by, ...(code && { code }), ...(entry && { entry }) })
  }

  visit(root, (node, parents) => {
    if (parents.some(isDebugging)) return
    if (node.type === 'NewExpression' || node.type === 'CallExpression') {
      const by = nameOf(node['callee'])
      const isSuper = isNode(node['callee']) && node['callee'].type === 'Super'
      const called = isSuper ? classAround(parents) : by
      if (!ERROR_CLASS.test(called) && !REPORTERS.test(called) && !reporters?.test(called)) return
      add(called, (node['arguments'] as unknown[]).flatMap(valuesOf))
    }
    if (node.type === 'ObjectExpression' && isDescription(node)) {
      const key = keyOf(parents)
      const value = { type: 'Literal', value: key }
      add('message', [...valuesOf(node), value], key || functionAround(parents))
    }
  })
  return messages
}

/** Whether a call is one of a function that does nothing in a program that is used. */
function isDebugging({ type, callee }: Node): boolean {
  return type === 'CallExpression' && /(?:^|\.)(?:debug|assert|invariant)$/.test(nameOf(callee))
}

/** Of an object, what says what happened; otherwise the node itself. */
function valuesOf(node: unknown): unknown[] {
  if (!isNode(node) || node.type !== 'ObjectExpression') return [node]
  const named = (name: RegExp) =>
    propertiesOf(node).flatMap(([key, value]) => (name.test(key) ? [functionBody(value)] : []))
  return [
    ...named(/^(?:message|text|reason|why|description)$/),
    ...named(/^(?:code|name)$/),
    ...spreadNames(node),
  ]
}

/** Whether an object describes an error: it has a message, and says what kind of error it is. */
function isDescription(node: Node): boolean {
  const keys = propertiesOf(node).map(([key]) => key)
  return (
    (keys.includes('message') && keys.some((key) => /^(?:code|title|hint)$/.test(key))) ||
    (keys.includes('why') && keys.includes('fix'))
  )
}

/** In a table of errors, the name under which one stands. */
function keyOf(parents: readonly Node[]): string {
  const parent = parents.at(-1)
  return parent?.type === 'Property' ? nameOf(parent['key']) : ''
}

function functionAround(parents: readonly Node[]): string {
  return nameOf(parents.findLast(({ type }) => type === 'FunctionDeclaration')?.['id'])
}

/** `{ ...ErrorData.NoAdapterInstalled, message: … }`: which entry of a table it is made of. */
function spreadNames(node: Node): unknown[] {
  return (node['properties'] as Node[]).flatMap((property) => {
    if (property.type !== 'SpreadElement') return []
    return [{ type: 'Literal', value: nameOf(property['argument']).replace(/^.*\./, '') }]
  })
}

function propertiesOf(node: Node): [string, unknown][] {
  return (node['properties'] as Node[]).flatMap((property) => {
    if (property.type !== 'Property') return []
    return [[nameOf(property['key']), property['value']] as [string, unknown]]
  })
}

/** What an arrow function returns: tables of errors hold functions of what is to be filled in. */
function functionBody(node: unknown): unknown {
  if (!isNode(node) || !/Function/.test(node.type)) return node
  const body = node['body'] as Node
  if (body.type !== 'BlockStatement') return body
  const returned = (body['body'] as Node[]).findLast(({ type }) => type === 'ReturnStatement')
  return returned?.['argument']
}

/** The class around a call of `super`, by what it extends. */
function classAround(parents: readonly Node[]): string {
  const found = parents.findLast(({ type }) => type.startsWith('Class') && type !== 'ClassBody')
  return found ? nameOf(found['superClass']) : ''
}

/** `a.b` of what is called or extended; empty for anything longer. */
function nameOf(node: unknown): string {
  if (!isNode(node)) return ''
  switch (node.type) {
    case 'Identifier':
    case 'PrivateIdentifier':
      return String(node['name'])
    case 'Literal':
      return String(node['value'])
    case 'ThisExpression':
      return 'this'
    case 'MemberExpression':
      return [nameOf(node['object']), nameOf(node['property'])].filter(Boolean).join('.')
    case 'CallExpression':
      return nameOf(node['callee'])
    case 'ChainExpression':
      return nameOf(node['expression'])
    default:
      return ''
  }
}

/** Constants with a text, by their names. */
function constantsOf(root: Node): Map<string, string> {
  const constants = new Map<string, string>()
  visit(root, (node) => {
    if (node.type !== 'VariableDeclarator') return
    const value = textOf(node['init'], constants)
    const name = nameOf(node['id'])
    if (name && value !== undefined && isMessage(value)) constants.set(name, value)
  })
  return constants
}

/**
 * What an expression says, as far as it is written in the code; undefined where nothing of it is.
 */
function textOf(node: unknown, constants: ReadonlyMap<string, string>): string | undefined {
  if (!isNode(node)) return undefined
  const inner = (field: string) => textOf(node[field], constants)
  switch (node.type) {
    case 'Literal':
      return typeof node['value'] === 'string' ? node['value'] : undefined
    case 'TemplateLiteral':
      return templateText(node, constants)
    case 'TaggedTemplateExpression':
      return templateText(node['quasi'] as Node, constants)
    case 'BinaryExpression': {
      if (node['operator'] !== '+') return undefined
      const [left, right] = [inner('left'), inner('right')]
      if (left === undefined && right === undefined) return undefined
      return (left ?? fillerFor(node['left'])) + (right ?? fillerFor(node['right']))
    }
    case 'ConditionalExpression':
      return inner('consequent') || inner('alternate')
    case 'LogicalExpression':
      return inner('right') ?? inner('left')
    case 'SequenceExpression':
      return textOf((node['expressions'] as unknown[]).at(-1), constants)
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
    case 'TSNonNullExpression':
      return inner('expression')
    case 'Identifier':
      return constants.get(String(node['name']))
    case 'ArrayExpression':
      return joined(node, '\n', constants)
    case 'CallExpression':
      return callText(node, constants)
    default:
      return undefined
  }
}

/** Methods that leave a text as it is, for a reader. */
const KEEPS = /^(?:trim\w*|replace\w*|toString|slice|concat|normalize)$/
/** Functions that print their text in a colour, or without indentation. */
const STYLES =
  /(?:^|\.)(?:bold|dim|red|redBright|green|yellow|blue|cyan|magenta|gray|grey|white|underline|inverse|italic|dedent|stripIndents?|outdent|format|esm_default|style\w*|String)$/

/** `[…].join(…)`, `'…'.trim()`, `bold('…')`. */
function callText(node: Node, constants: ReadonlyMap<string, string>): string | undefined {
  const callee = node['callee'] as Node
  const args = node['arguments'] as unknown[]
  if (callee.type === 'MemberExpression') {
    const object = callee['object'] as Node
    const method = nameOf(callee['property'])
    if (method === 'join' && object.type === 'ArrayExpression') {
      return joined(object, textOf(args[0], constants) ?? ',', constants)
    }
    if (KEEPS.test(method)) return textOf(object, constants)
  }
  return STYLES.test(nameOf(callee)) ? textOf(args.at(-1), constants) : undefined
}

function joined(
  node: Node,
  separator: string,
  constants: ReadonlyMap<string, string>,
): string | undefined {
  const parts = (node['elements'] as unknown[]).map((element) => textOf(element, constants))
  if (parts.every((part) => part === undefined)) return undefined
  return parts.map((part) => part ?? valueFor('')).join(separator)
}

function templateText(node: Node, constants: ReadonlyMap<string, string>): string {
  const quasis = node['quasis'] as { value: { cooked: string | null; raw: string } }[]
  const expressions = node['expressions'] as unknown[]
  return quasis
    .map(({ value }, index) => {
      const expression = expressions[index]
      const filled =
        expression === undefined ? '' : (textOf(expression, constants) ?? fillerFor(expression))
      return (value.cooked ?? value.raw) + filled
    })
    .join('')
}

/** A value for what an expression stands for, by the last name in it. */
function fillerFor(node: unknown): string {
  const names: string[] = []
  if (isNode(node)) {
    visit(node, (inner) => {
      if (inner.type === 'Identifier') names.push(String(inner['name']))
    })
  }
  return valueFor(names.at(-1) ?? '')
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value
}

/** Calls `see` for `node` and every node below it, with the nodes around each, outermost first. */
function visit(node: Node, see: (node: Node, parents: readonly Node[]) => void): void {
  const parents: Node[] = []
  function enter(value: unknown): void {
    if (Array.isArray(value)) {
      for (const item of value) enter(item)
      return
    }
    if (!isNode(value)) return
    see(value, parents)
    parents.push(value)
    for (const field in value) {
      if (field !== 'type') enter(value[field])
    }
    parents.pop()
  }
  enter(node)
}
