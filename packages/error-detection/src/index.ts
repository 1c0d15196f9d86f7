export type {
  DetectedError,
  FailureReason,
  Fault,
  LogLine,
  Step,
} from '@workers-builds/contracts'
export type { Cause } from './causes.ts'
export { CAUSES } from './causes.ts'
export type { UnclassifiedCluster, UnclassifiedGroup } from './cluster.ts'
export { clusterUnclassified } from './cluster.ts'
export type { Detection, DetectionContext, ErrorDetector } from './detector.ts'
export { createErrorDetector, detect, detectErrorsInLogLines, wantsGoodBuild } from './detector.ts'
export type { Excerpt, NumberedLine } from './excerpt.ts'
export { excerptOf, excerptText, linesOfExcerpt, locationText } from './excerpt.ts'
export type { Explanation } from './explain.ts'
export { explanationOf } from './explain.ts'
export type { SourceLocation } from './source-location.ts'
export { UNCLASSIFIED } from './unclassified.ts'
export { DETECTOR_VERSION } from './version.ts'
export { createLineTemplates } from './witness/line-templates.ts'
