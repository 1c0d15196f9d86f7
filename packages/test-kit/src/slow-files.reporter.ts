import type { Reporter, TestModule } from 'vitest/node'

const FILES = 10

/** Prints the files that took longest, last of all, so that a slow one does not stay unseen. */
export default class SlowFilesReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    console.log(formatSlowFiles(modules.map(measure)))
  }
}

export interface MeasuredFile {
  file: string
  seconds: number
}

/** The time of a file's imports, hooks and tests. */
function measure(module: TestModule): MeasuredFile {
  const { collectDuration, setupDuration, duration } = module.diagnostic()
  return {
    file: `${module.project.name}: ${module.relativeModuleId}`,
    seconds: (collectDuration + setupDuration + duration) / 1_000,
  }
}

/** One line for each of the slowest files, the slowest first. */
export function formatSlowFiles(files: MeasuredFile[]): string {
  const slowest = files.toSorted((a, b) => b.seconds - a.seconds).slice(0, FILES)
  const lines = slowest.map(({ file, seconds }) => `${seconds.toFixed(1).padStart(8)} s  ${file}`)
  return ['', ' Slowest files:', ...lines, ''].join('\n')
}
