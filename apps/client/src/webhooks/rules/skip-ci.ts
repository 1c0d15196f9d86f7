/**
 * Whether a commit's message asks for no build. Pure.
 *
 * Recognized anywhere in the message, in any case, as GitHub and GitLab document it: `[skip ci]`,
 * `[ci skip]`, `[no ci]`, with a space, `-` or `_`, and the trailer `skip-checks: true` at its end.
 * Beside those `[CF-Pages-Skip]`, which people know from Pages, `[CF-Workers-Skip]`, and
 * `[skip builds]`. Not `[skip actions]`: it names GitHub Actions, and not this system.
 */
const MARKS =
  /\[(?:skip[ _-]ci|ci[ _-]skip|no[ _-]ci|skip[ _-]builds?|cf[ _-](?:pages|workers)[ _-]skip)\]/i
const TRAILER = /(?:^|\n)skip-checks:[ \t]*true[ \t\r\n]*$/i

/** The marker with which a commit's message asks for no build, as it is written there. */
export function findSkipMarker(commit_message: string): string | undefined {
  const [marker] = MARKS.exec(commit_message) ?? TRAILER.exec(commit_message) ?? []
  return marker?.trim()
}
