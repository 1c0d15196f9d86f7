/** The tools of the build image, from the one file that the image is made from: `tools.json`. */
import tools from '../tools.json' with { type: 'json' }

/** A tool that the build image has, by the name that its log lines give it. */
export type BuildTool = keyof typeof tools.defaults

/** Which version of each tool a build gets that asks for none. Hugo's begins with its edition. */
export const DEFAULT_TOOL_VERSIONS: Readonly<Record<BuildTool, string>> = tools.defaults

/** The versions that the image has beside or as the default, where it has more than one. */
export const PREINSTALLED_VERSIONS: Readonly<Partial<Record<BuildTool, readonly string[]>>> =
  tools.preinstalled
