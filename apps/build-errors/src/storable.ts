import { type DetectedError, storableText } from '@workers-builds/contracts'

/** Longest group that the table takes. */
const MAX_GROUP_LENGTH = 500

/** An error as Postgres takes it: no NUL, no half of a surrogate pair, not too long. */
export function storable(error: DetectedError): DetectedError {
  return { ...error, error_group: cleanText(error.error_group) }
}

function cleanText(text: string): string {
  return storableText(text.slice(0, MAX_GROUP_LENGTH))
}
