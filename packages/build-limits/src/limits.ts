/** The limits of a build, with what its log says of each, and how it is recognised that one was reached. */
import type { BuildLimit } from '@workers-builds/contracts'

export const MEBIBYTE = 1024 ** 2

/** 128 and SIGKILL. */
const EXIT_KILLED = 137
/** What a process ends with that wrote a file beyond its limit: 128 and SIGXFSZ. */
const EXIT_FILE_TOO_LARGE = 153

/** How the system says that there is no further process or thread to be had. */
const NO_PROCESS =
  "fork: .*Resource temporarily unavailable|[Cc]an(?:not|'t) fork|spawn \\S+ EAGAIN|pthread_create[^\\n]*(?:EAGAIN|Resource temporarily unavailable)|newosproc"
const NO_SPACE = 'ENOSPC|No space left on device|EDQUOT|Disk quota exceeded'

type Counter = BuildLimit['counter']

const limitOf = (sentence: string, known: Partial<BuildLimit>): BuildLimit => ({
  sentence,
  counter: null,
  symptom: null,
  exit_code: null,
  ...known,
})

/** Disks are sold in powers of ten. */
function sizeText(bytes: number): string {
  return bytes % 1e9 === 0 ? `${bytes / 1e9} GB` : `${Math.round(bytes / MEBIBYTE)} MB`
}

/** Memory, where the kernel counts how often it had to end a process for it. */
export function memoryLimit(bytes: number, counter: Counter): BuildLimit {
  return limitOf(
    `Memory limit reached: a build may use ${sizeText(bytes)}; a process of it was ended because they needed more.`,
    { counter },
  )
}

/** Memory, where nothing but the end of a command speaks of it. */
export function killedLimit(bytes: number): BuildLimit {
  return limitOf(
    `Exit code 137: the command was killed, as one is that needs more memory than there is; a build may use ${sizeText(bytes)}.`,
    { exit_code: EXIT_KILLED },
  )
}

/** Processes and threads; without a counter, the words of programs that could not start one. */
export function processLimit(processes: number, counter: Counter): BuildLimit {
  return limitOf(
    `Process limit reached: a build may have ${processes} processes and threads at a time; it could not start another one.`,
    counter === null ? { symptom: NO_PROCESS } : { counter },
  )
}

/** Disk, where whoever measures it ends the build's processes. */
export function diskLimit(bytes: number, counter: Counter): BuildLimit {
  return limitOf(
    `Disk limit reached: the files of a build may take ${sizeText(bytes)}; its processes were ended because they took more.`,
    { counter },
  )
}

/** Disk, where the file system itself has no more. */
export function diskFull(bytes: number): BuildLimit {
  return limitOf(
    `Disk full: a file system of this machine has no room left; its disk has ${sizeText(bytes)}, of which the image takes a part.`,
    { symptom: NO_SPACE },
  )
}

export function fileSizeLimit(bytes: number): BuildLimit {
  return limitOf(`File size limit reached: a file of a build may have ${sizeText(bytes)}.`, {
    symptom: 'EFBIG|File too large|File size limit exceeded',
    exit_code: EXIT_FILE_TOO_LARGE,
  })
}

export function openFileLimit(openFiles: number): BuildLimit {
  return limitOf(
    `Open file limit reached: a process of a build may have ${openFiles} files open at a time.`,
    { symptom: 'EMFILE|Too many open files' },
  )
}

/** Of a command that runs without the network. */
export const NO_NETWORK = limitOf(
  'Network shut off: the build command tried to reach something, and network of the trigger is none. Fetch it while dependencies are installed, or set network to full.',
  {
    symptom:
      "ENETUNREACH|EAI_AGAIN|ENOTFOUND|[Nn]etwork is unreachable|[Tt]emporary failure in name resolution|Name or service not known|Could not resolve host|Couldn't connect to server|unable to resolve host|UnknownHostException|dial (?:tcp|udp)|failed to lookup address",
  },
)
