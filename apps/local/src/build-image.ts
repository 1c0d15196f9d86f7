/** `pnpm build:image`: builds the image of build containers, and prints its size and how long it took. */
import { styleText } from 'node:util'
import { buildImage } from './containers/build-image.ts'
import { openEngine } from './containers/engine.ts'
import { readArguments } from './terminal/arguments.ts'
import { startProgress } from './terminal/progress.ts'
import { runProgram } from './terminal/run-program.ts'

const USAGE = `usage: pnpm build:image [--small] [--json]

  --small  without the tools that most projects do not use
  --json   print the result as one line of JSON on stdout, and the progress on stderr

Build arguments of apps/build-image/Dockerfile are read from environment variables of their names.`

async function main(): Promise<void> {
  const { values } = readArguments({
    usage: USAGE,
    options: {
      small: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  })
  const progress = startProgress({ stream: values.json ? process.stderr : process.stdout })
  const image = await buildImage(await openEngine(), {
    small: values.small,
    onLine: progress.print,
  })
  if (values.json) return console.log(JSON.stringify(image))
  const mb = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`
  const time = image.seconds === null ? 'was there already' : `${image.seconds.toFixed(0)} s`
  progress.print(
    `${styleText('bold', image.tag)}: ${mb(image.bytes)}, of it the runner's layer ${mb(image.runner_bytes)}; ${time}`,
  )
}

await runProgram(main)
