import path from 'node:path'
import type { JWK } from 'jose'
import type { Addresses } from '../domain/index.ts'
import { nextMessage, startProgram } from '../machine/index.ts'
import type { StubsCounted, StubsReady } from '../programs/stub-server.ts'

export interface Stubs {
  addresses: Addresses
  /** How many calls have come in so far. */
  calls(): Promise<number>
  stop(): Promise<void>
}

const PROGRAM = path.resolve(import.meta.dirname, '../programs/stub-server.ts')

export async function startStubs(signingKey: JWK, logDirectory: string): Promise<Stubs> {
  const program = startProgram('subgraphs', { args: [PROGRAM, JSON.stringify(signingKey)] }, { logDirectory })
  const { addresses } = await nextMessage<StubsReady>(program)
  return {
    addresses,
    async calls() {
      const counted = nextMessage<StubsCounted>(program)
      program.child.send('count')
      return (await counted).calls
    },
    stop: () => program.stop(),
  }
}
