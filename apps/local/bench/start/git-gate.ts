import { forward, type ProxiedRequest, startProxy } from '@workers-builds/test-kit/http'

/**
 * Stands before the Git host. While it is closed clones wait at it, so that a build that has begun
 * takes no processor from one that is about to, as it would not in a container of its own.
 */
export async function startGitGate() {
  let isOpen = true
  const waiting: ProxiedRequest[] = []
  const proxy = await startProxy((proxied) => {
    if (isOpen) forward(proxied)
    else waiting.push(proxied)
  })
  return {
    url: proxy.url,
    setTarget: proxy.setTarget,
    close(): void {
      isOpen = false
    },
    open(): void {
      isOpen = true
      for (const proxied of waiting.splice(0)) forward(proxied)
    },
    stop: proxy.close,
  }
}
