import type { WaitOptions } from '@workers-builds/local-platform/waiting'

/** How to wait for an answer of something that is killed and started again meanwhile. */
export const WHILE_DOWN: WaitOptions = { ignoreErrors: true, pauseMs: 300, timeoutMs: 180_000 }
