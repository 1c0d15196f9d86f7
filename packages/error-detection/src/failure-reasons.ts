import type { FailureReason } from '@workers-builds/contracts'

/** Every failure reason, in the order in which a build meets them. */
export const FAILURE_REASONS = [
  'repo_disconnected',
  'build_token_invalid',
  'initialization_failed',
  'clone_failed',
  'install_failed',
  'build_command_failed',
  'deploy_command_failed',
  'timed_out',
  'health_check_failed',
  'internal_error',
] as const satisfies FailureReason[]
