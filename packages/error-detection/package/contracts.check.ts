/** Compiles only while the published types are those of the workspace. */
import type * as Workspace from '@workers-builds/contracts'
import type * as Published from './contracts.d.ts'

type Same<A, B> = [A, B] extends [B, A] ? true : never

export const SAME: [
  Same<Published.Step, Workspace.Step>,
  Same<Published.LogLine, Workspace.LogLine>,
  Same<Published.Fault, Workspace.Fault>,
  Same<Published.FailureReason, Workspace.FailureReason>,
  Same<Published.DetectedError, Workspace.DetectedError>,
  Same<Published.LineTemplates, Workspace.LineTemplates>,
] = [true, true, true, true, true, true]
