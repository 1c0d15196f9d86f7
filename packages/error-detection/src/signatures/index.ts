/**
 * All tools whose failures are known. A new tool is a file beside this one and a line here.
 *
 * @module
 */

import type { Tool } from '../signature.ts'
import { bun } from './bun.ts'
import { node } from './node.ts'
import { npm } from './npm.ts'
import { pnpm } from './pnpm.ts'
import { shell } from './shell.ts'
import { typescript } from './typescript.ts'
import { vite } from './vite.ts'
import { webpack } from './webpack.ts'
import { wrangler } from './wrangler.ts'
import { yarn } from './yarn.ts'

export const TOOLS: readonly Tool[] = [
  npm,
  pnpm,
  yarn,
  bun,
  node,
  shell,
  typescript,
  vite,
  webpack,
  wrangler,
]
