import { createHttpEdge } from '@courtside/http'
import { silentLogger } from '@courtside/logger'

/**
 * Asked before anything is started: a busy port found at the end would have cost the reader ten seconds, and left a
 * database running meanwhile.
 */
export async function assertPortFree(host: string, port: number): Promise<void> {
  const probe = createHttpEdge({ routes: [], log: silentLogger })
  await probe.listen({ host, port })
  await probe.drain(0)
}
