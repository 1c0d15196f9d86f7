import { explanationOf } from '@workers-builds/error-detection'

/** A stored error, with its explanation for a person. */
export function explained<
  StoredError extends { error_code: string; cause: string; error_group: string },
>(error: StoredError) {
  const explanation = explanationOf(error)
  return {
    ...error,
    title: explanation?.title ?? error.cause.replaceAll('_', ' '),
    fix: explanation?.fix ?? null,
    docs_url: explanation?.docs_url ?? null,
  }
}
