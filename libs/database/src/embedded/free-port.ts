import { createServer } from 'node:net'

/** Below the ephemeral range (32768 and up on Linux), so that no outgoing connection takes the port meanwhile. */
const FIRST = 10_240
const LAST = 32_000

/** A port of the loopback interface that nothing listens on right now. */
export async function freePort(): Promise<number> {
  for (;;) {
    const candidate = FIRST + Math.floor(Math.random() * (LAST - FIRST))
    if (await isFree(candidate)) return candidate
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
