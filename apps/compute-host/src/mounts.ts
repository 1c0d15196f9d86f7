/** A mounted file system, as `/proc/self/mountinfo` has it. */
export interface Mount {
  path: string
  type: string
  /** Options of this mount: `ro`, `nosuid`, `relatime`. */
  options: string[]
  /** Options of its file system, which all mounts of it share. */
  fileSystemOptions: string[]
}

/** `36 35 98:0 /root /mnt ro,noatime master:1 - ext4 /dev/sda rw`: any number of fields before the dash. */
export function parseMounts(mountinfo: string): Mount[] {
  const lines = mountinfo.split('\n').filter((line) => line !== '')
  return lines.map((line) => {
    const fields = line.split(' ')
    const [, , , , path = '', options = ''] = fields
    const [type = '', , fileSystemOptions = ''] = fields.slice(fields.indexOf('-') + 1)
    return {
      path: unescapeField(path),
      type,
      options: options.split(','),
      fileSystemOptions: fileSystemOptions.split(','),
    }
  })
}

/** Spaces and the like stand as octal numbers behind a backslash. */
function unescapeField(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  )
}
