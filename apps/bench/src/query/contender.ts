import { freePort } from '@courtside/database/embedded'
import type { GatewayName, GATEWAYS, Setting } from '../gateways/index.ts'
import type { HttpRequest } from '../load/index.ts'
import { type Pinning, startProgram, untilAnswering } from '../machine/index.ts'

/** A gateway that runs. */
export interface Contender {
  readonly name: GatewayName
  readonly title: string
  readonly kind: (typeof GATEWAYS)[number]['kind']
  readonly pid: number
  readonly url: string
  ask(request: HttpRequest): Promise<GraphqlAnswer>
  /** The end of what it has written. */
  lastWords(): string
  /** That it has, and its last words; null while it runs. */
  ended(): string | null
  stop(): Promise<void>
}

/** It failed in a way that keeps it from being measured; the others can be. */
export class ContenderFault extends Error {
  override readonly name = 'ContenderFault'
}

export interface GraphqlAnswer {
  status: number
  text: string
}

/** Any answer will do to know that it serves. */
const PROBE = { headers: { 'content-type': 'application/json' }, body: '{"query":"{__typename}"}' }

/** Starts it on the processor for what is measured, and waits until it answers. */
export async function startContender(
  gateway: (typeof GATEWAYS)[number],
  setting: Omit<Setting, 'port'>,
  { logDirectory, prefix }: { logDirectory: string; prefix: Pinning['prefix'] },
): Promise<Contender> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}/graphql`
  const program = startProgram(gateway.name, gateway.program({ ...setting, port }), { logDirectory, prefix })
  const ask = async ({ headers, body }: HttpRequest) => {
    const response = await fetch(url, { method: 'POST', headers, body })
    return { status: response.status, text: await response.text() }
  }
  try {
    await untilAnswering(program, () => ask(PROBE))
  } catch (error) {
    await program.stop()
    throw error
  }
  const { name, title, kind } = gateway
  const { pid, ended, lastWords, stop } = program
  return { name, title, kind, pid, url, ask, ended, lastWords, stop }
}
