/** The folders of a build. All of them are below `home`, which is the build's alone. */
export interface BuildFolders {
  /** HOME of every command; the working folder that the runner was started in. */
  home: string
  /** What is cloned. */
  repository: string
  /** Tools that are installed for this build. */
  tools: string
  /** The runner's own. */
  runner: string
  /** Where the host puts what earlier builds saved, and takes what this one saves. */
  cache: CacheFolders | undefined
}

/** The folders through which a build and its host pass what is cached. */
export interface CacheFolders {
  /** Archives of earlier builds. */
  restore: string
  /** Archives for later ones. */
  save: string
}
