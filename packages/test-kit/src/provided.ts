/** What the global setup of databases gives to test files: `inject('templateUrl')`. */
import 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** The migrated database that is copied: nobody connects to it. */
    templateUrl: string
    /** Address of Hyperdrive's stand-in, as `host:port`. */
    hyperdriveHost: string
  }
}
