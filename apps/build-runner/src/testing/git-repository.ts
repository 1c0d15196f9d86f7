import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A real Git repository on this machine, with one commit of `files`. */
export interface GitRepository {
  folder: string
  commit_hash: string
}

/** Makes a repository in `folder`. */
export function makeRepository(folder: string, files: Record<string, string>): GitRepository {
  mkdirSync(folder, { recursive: true })
  git(folder, 'init', '--quiet', '--initial-branch=main')
  return commitFiles(folder, files)
}

/** Adds a commit. */
export function commitFiles(folder: string, files: Record<string, string>): GitRepository {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  git(folder, 'add', '--all')
  git(folder, 'commit', '--quiet', '--allow-empty', '--message=test')
  return { folder, commit_hash: git(folder, 'rev-parse', 'HEAD') }
}

/** Runs git in `folder` as a person that does not exist. */
export function git(folder: string, ...args: string[]): string {
  const person = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com']
  const local = ['-c', 'protocol.file.allow=always']
  return execFileSync('git', [...person, ...local, ...args], {
    cwd: folder,
    encoding: 'utf8',
  }).trim()
}
