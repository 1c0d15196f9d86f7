/**
 * The user that a build is. A host that is root starts the runner as root and passes it the build's
 * user; the runner acts as that user from its first line on, and stays root underneath. So the
 * build's processes, which are that user through and through, may neither trace the runner, nor read
 * its memory or environment, nor signal it, though it touches files with their rights only.
 */

/** Makes this process act as the user `uid`. Throws where it is not root. */
export function actAs(uid: number): void {
  process.setgroups?.([])
  process.setegid?.(uid)
  process.seteuid?.(uid)
}

/** The user that this process acts as; undefined for root and where there are no users. */
export function buildUid(): number | undefined {
  return process.geteuid?.() || undefined
}

/** Calls `start`, which has to start a program before it returns, as root where that is underneath. */
export function startAsRoot<Started>(start: () => Started): Started {
  const uid = buildUid()
  if (process.getuid?.() !== 0 || uid === undefined) return start()
  process.seteuid?.(0)
  try {
    return start()
  } finally {
    process.seteuid?.(uid)
  }
}

/**
 * Calls `start` with the ids to start a program with, so that it can never be root again: without
 * them it would inherit what is underneath. `start` has to start it before it returns.
 */
export function startForBuild<Started>(
  start: (ids: { uid?: number; gid?: number }) => Started,
): Started {
  const uid = buildUid()
  if (process.getuid?.() !== 0 || uid === undefined) return start({})
  return startAsRoot(() => start({ uid, gid: uid }))
}
