import type { z } from 'zod'

/** A position in a list or log as an opaque, URL-safe string (base64url of its JSON). */
export function encodeCursor(position: object): string {
  return btoa(JSON.stringify(position))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

/** Decodes a cursor; undefined when it is not one of these positions. */
export function decodeCursor<Position extends z.ZodType>(
  position: Position,
  encoded: string,
): z.infer<Position> | undefined {
  try {
    const json = atob(encoded.replaceAll('-', '+').replaceAll('_', '/'))
    return position.safeParse(JSON.parse(json)).data
  } catch {
    return undefined // neither base64 nor JSON: not a cursor
  }
}
