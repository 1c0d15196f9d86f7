/**
 * Globs of workspaces: `*`, `**`, `?`, `{a,b}`, and `!` in front. In time that grows with the lengths
 * of glob and path alone, since a Worker matches globs that strangers wrote; a translation into a
 * regular expression would not.
 */

/** Braces make more than this many globs only where somebody means harm. */
const MOST_ALTERNATIVES = 64

/** A longer glob matches nothing. */
const MOST_CHARACTERS = 1_024

/** Whether a workspace with these globs has the folder `path` (relative to it) as a member. */
export function isMember(path: string, globs: string[]): boolean {
  const matches = (glob: string) =>
    glob.length <= MOST_CHARACTERS &&
    alternatives(glob.replace(/^\.?\//, '').replace(/\/+$/, '')).some((each) =>
      matchSegments(path.split('/'), each.split('/')),
    )
  return (
    globs.some((glob) => !glob.startsWith('!') && matches(glob)) &&
    !globs.some((glob) => glob.startsWith('!') && matches(glob.slice(1)))
  )
}

/** `a/{b,c}` → `a/b`, `a/c`. Braces within braces are taken from the inside out. */
function alternatives(glob: string): string[] {
  const found = [glob]
  for (let index = 0; index < found.length; ) {
    const each = found[index] ?? ''
    const [braces, inner] = /\{([^{}]*,[^{}]*)\}/.exec(each) ?? []
    if (braces === undefined || inner === undefined || found.length > MOST_ALTERNATIVES) index++
    else
      found.splice(
        index,
        1,
        ...inner.split(',', MOST_ALTERNATIVES).map((part) => each.replace(braces, () => part)),
      )
  }
  return found
}

/** Whether `globs` match `names` from first to last; `**` stands for any number of names. */
function matchSegments(names: string[], globs: string[]): boolean {
  return matchWith(names, globs, {
    isAny: (glob) => glob === '**',
    isOne: (name, glob) => matchName(name, glob),
  })
}

/** A name that begins with a dot is matched only by a glob that does. */
function matchName(name: string, glob: string): boolean {
  if (name.startsWith('.') && !glob.startsWith('.')) return false
  return matchWith([...name], [...glob], {
    isAny: (character) => character === '*',
    isOne: (character, wanted) => wanted === '?' || character === wanted,
  })
}

/** Matches greedily, and goes back to the last "any number" alone: no other return can help. */
function matchWith(
  items: string[],
  pattern: string[],
  { isAny, isOne }: { isAny(part: string): boolean; isOne(item: string, part: string): boolean },
): boolean {
  let [item, part] = [0, 0]
  let lastAny: { part: number; item: number } | undefined
  while (item < items.length) {
    const wanted = pattern[part]
    if (wanted !== undefined && isAny(wanted)) {
      lastAny = { part, item }
      part++
    } else if (wanted !== undefined && isOne(items[item] ?? '', wanted)) {
      item++
      part++
    } else if (lastAny !== undefined) {
      lastAny.item++
      item = lastAny.item
      part = lastAny.part + 1
    } else return false
  }
  return pattern.slice(part).every(isAny)
}
