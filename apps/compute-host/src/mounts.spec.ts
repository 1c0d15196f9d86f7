import { expect, test } from 'vitest'
import { parseMounts } from './mounts.ts'

test('mounts are read with spaces in their path, and with any number of optional fields', () => {
  const mountinfo = [
    '26 1 259:1 / / rw,relatime shared:1 - ext4 /dev/root rw,discard',
    '40 26 0:31 /a /mnt/two\\040words ro,nosuid,noexec shared:5 master:1 - tmpfs tmpfs rw,size=4k',
    '41 26 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory',
    '',
  ].join('\n')
  expect(parseMounts(mountinfo)).toEqual([
    { path: '/', type: 'ext4', options: ['rw', 'relatime'], fileSystemOptions: ['rw', 'discard'] },
    {
      path: '/mnt/two words',
      type: 'tmpfs',
      options: ['ro', 'nosuid', 'noexec'],
      fileSystemOptions: ['rw', 'size=4k'],
    },
    {
      path: '/sys/fs/cgroup/memory',
      type: 'cgroup',
      options: ['rw'],
      fileSystemOptions: ['rw', 'memory'],
    },
  ])
})
