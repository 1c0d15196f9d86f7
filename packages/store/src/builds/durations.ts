/** A claim that its BuildBuddy has not confirmed by then is claimed again. */
export const CLAIM_SECONDS = 10

/** A claim that nobody has confirmed by then is overdue. */
export const CONFIRMATION_SECONDS = 300

/** How long after its limit an unfinished build is overdue, and then overdue again. */
export const OVERDUE_GRACE_SECONDS = 120
export const OVERDUE_AGAIN_SECONDS = 60

/** A failed build without a scan is queued for detection again after this long. */
export const SCAN_GRACE_SECONDS = 120
