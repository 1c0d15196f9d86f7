/**
 * Commands that reach nothing outside of their machine. A command gets a network namespace of its own
 * where its user may make one; elsewhere, as in most containers, the kernel refuses it sockets of any
 * network. Neither needs a privilege, and no process that the command starts can take it back.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { arch, platform } from 'node:process'
import { promisify } from 'node:util'
import { startForBuild } from './act-as-user.ts'

export interface NetworkCut {
  /** What the command is prefixed with. */
  prefix: [string, ...string[]]
  /** Whether the processes of the command still reach each other at 127.0.0.1. */
  hasLoopback: boolean
}

/** A program outside of what a project may put on PATH. */
const findSystemProgram = (name: string) =>
  ['/usr/bin', '/bin', '/usr/sbin', '/sbin'].map((folder) => `${folder}/${name}`).find(existsSync)

/** How the network is shut off here; undefined where it cannot be. */
export async function findNetworkCut(): Promise<NetworkCut | undefined> {
  if (platform !== 'linux') return undefined
  for (const cut of [ownNamespace(), socketFilter()]) {
    if (cut !== undefined && (await works(cut))) return cut
  }
  return undefined
}

async function works({ prefix }: NetworkCut): Promise<boolean> {
  const [program, ...args] = prefix
  return await startForBuild((ids) =>
    promisify(execFile)(program, [...args, '/bin/true'], ids),
  ).then(
    () => true,
    () => false,
  )
}

/** The right to bring the loopback up is given up before the command begins. */
const BRING_UP = '"$1" link set lo up && shift && exec "$@"'

function ownNamespace(): NetworkCut | undefined {
  const [unshare, ip, setpriv] = ['unshare', 'ip', 'setpriv'].map(findSystemProgram)
  if (unshare === undefined || ip === undefined || setpriv === undefined) return undefined
  return {
    prefix: [
      unshare,
      ...['--user', '--map-current-user', '--keep-caps', '--net', '--'],
      ...['/bin/sh', '-c', BRING_UP, 'sh', ip],
      ...[setpriv, '--inh-caps=-all', '--ambient-caps=-all', '--'],
    ],
    hasLoopback: true,
  }
}

/** What the kernel calls a machine's processor, and the numbers of what is called there. */
const SYSTEM_CALLS = {
  x64: { audit: 0xc000003e, prctl: 157, socket: 41 },
  arm64: { audit: 0xc00000b7, prctl: 167, socket: 198 },
}
const IO_URING_SETUP = 425 // the same everywhere; it could open sockets past the filter
const X32_BIT = 0x40000000
const ENOSYS = 38
const ENETUNREACH = 101
const AF = { UNIX: 1, NETLINK: 16 }

/**
 * Perl is on every Debian and Ubuntu, and makes system calls. Arguments: the number of prctl, the
 * filter in hexadecimal digits, the command.
 */
const APPLY_FILTER = `
my ($prctl, $filter) = (shift, pack "H*", shift);
my $program = pack "S x!8 P", length($filter) / 8, $filter;
syscall($prctl, 38, 1, 0, 0, 0) == 0 or die "no_new_privs: $!";
syscall($prctl, 22, 2, $program, 0, 0) == 0 or die "seccomp: $!";
exec { $ARGV[0] } @ARGV or exit 127`

function socketFilter(): NetworkCut | undefined {
  const calls = arch === 'x64' || arch === 'arm64' ? SYSTEM_CALLS[arch] : undefined
  const perl = findSystemProgram('perl')
  if (calls === undefined || perl === undefined) return undefined
  const filter = filterProgram(calls).toString('hex')
  return {
    prefix: [perl, '-e', APPLY_FILTER, '--', `${calls.prctl}`, filter],
    hasLoopback: false,
  }
}

/** A classic BPF program over struct seccomp_data: number, architecture, …, first argument at 16. */
function filterProgram({ audit, socket }: { audit: number; socket: number }): Buffer {
  const load = (offset: number) => [0x20, 0, 0, offset] as const
  const ifEqual = (value: number, yes: number, no: number) => [0x15, yes, no, value] as const
  const ifAtLeast = (value: number, yes: number, no: number) => [0x35, yes, no, value] as const
  const refuse = (errno: number) => [0x06, 0, 0, 0x00050000 | errno] as const
  const allow = [0x06, 0, 0, 0x7fff0000] as const
  const program = [
    load(4),
    ifEqual(audit, 0, 4), // programs of another architecture have other numbers
    load(0),
    ifAtLeast(X32_BIT, 2, 0),
    ifEqual(IO_URING_SETUP, 1, 0),
    ifEqual(socket, 1, 5),
    refuse(ENOSYS),
    load(16),
    ifEqual(AF.UNIX, 2, 0),
    ifEqual(AF.NETLINK, 1, 0),
    refuse(ENETUNREACH),
    allow,
  ]
  const bytes = Buffer.alloc(program.length * 8)
  for (const [index, [code, yes, no, value]] of program.entries()) {
    bytes.writeUInt16LE(code, index * 8)
    bytes.writeUInt8(yes, index * 8 + 2)
    bytes.writeUInt8(no, index * 8 + 3)
    bytes.writeUInt32LE(value, index * 8 + 4)
  }
  return bytes
}
