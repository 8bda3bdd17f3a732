import type { Readable } from 'node:stream'
import { createInterface } from 'node:readline'

/** Undefined when the stream ends without one. */
export async function firstLine(stream: Readable): Promise<string | undefined> {
  for await (const line of createInterface({ input: stream })) return line
  return undefined
}
