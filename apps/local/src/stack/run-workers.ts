/**
 * Runs the Workers of the given configurations as `wrangler dev` does, but without the inspector: it
 * shows every secret in the Workers' memory to whoever reaches its port, without asking for a
 * password, and no option of wrangler's switches it off. `--inspector-port` opens it.
 */
import { createRequire } from 'node:module'
import { parseArgs } from 'node:util'

type Wrangler = typeof import('wrangler')
type DevOptions = Parameters<Wrangler['runCfWranglerDev']>[0]

const { values } = parseArgs({
  options: {
    config: { type: 'string', multiple: true, short: 'c' },
    port: { type: 'string' },
    'persist-to': { type: 'string' },
    'inspector-port': { type: 'string' },
  },
})

/** The module itself: wrangler looks its class of the development environment up there. */
const wrangler = createRequire(import.meta.url)('wrangler') as {
  -readonly [Name in keyof Wrangler]: Wrangler[Name]
}
const inspectorPort = values['inspector-port']
if (inspectorPort === undefined) {
  wrangler.unstable_DevEnv = class extends wrangler.unstable_DevEnv {
    constructor(...options: ConstructorParameters<Wrangler['unstable_DevEnv']>) {
      super(...options)
      const { config } = this
      const set = config.set.bind(config)
      config.set = (input, throwErrors) =>
        set({ ...input, dev: { ...input.dev, inspector: false } }, throwErrors)
    }
  }
}

const options: Omit<Partial<DevOptions>, 'config'> & { config: string[] | undefined } = {
  config: values.config,
  ip: '127.0.0.1',
  port: Number(values.port),
  inspectorPort: inspectorPort === undefined ? undefined : Number(inspectorPort),
  persistTo: values['persist-to'],
  latest: true,
  types: false,
  showInteractiveDevSession: false,
}
// wrangler declares every option, given or not; its own callers leave out what they do not set.
process.exit(await wrangler.runCfWranglerDev(options as DevOptions & typeof options))
