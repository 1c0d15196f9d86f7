/** What a tool, or what was installed with one, adds to the environment of a build's commands. */
export interface InstalledTool {
  /** Folders for PATH. */
  folders: string[]
  environment: Record<string, string>
}
