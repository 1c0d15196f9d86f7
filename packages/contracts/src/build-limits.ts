/** What a build may use of its host, as far as its log has to name it. */
import { z } from 'zod'

/** A limit that the host keeps a build to. The runner only says so where a build failed by it. */
export const BuildLimit = z.object({
  /** For the log of a build that failed: what the limit is, and what happens beyond it. */
  sentence: z.string(),
  /** A file with lines of a name and a number, where the number behind `key` grows when it is reached. */
  counter: z.object({ file: z.string(), key: z.string() }).nullable(),
  /** Text, as the source of a regular expression, by which programs say that they reached it. */
  symptom: z.string().nullable(),
  /** What a command that was ended for it ends with. */
  exit_code: z.int().nullable(),
})
export type BuildLimit = z.infer<typeof BuildLimit>

/** The file that a host passes to the runner as `--limits=<file>`. */
export const BuildLimits = z.array(BuildLimit)
export type BuildLimits = z.infer<typeof BuildLimits>
