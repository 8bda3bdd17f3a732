import type { Principal } from '@courtside/auth'
import { addressKey, budgetHolder } from '../../limits/index.ts'
import type { WebSocketLimits } from './websocket-limits.ts'

/** How many connections each address and each person or key has open. */
export class ConnectionCounts {
  readonly #limits: WebSocketLimits['connections']
  readonly #counts = new Map<string, number>()

  constructor(limits: WebSocketLimits['connections']) {
    this.#limits = limits
  }

  /** Null when there are too many; else what `leave` is told in the end. */
  enterAddress(clientAddress: string): string | null {
    return this.#enter(`address:${addressKey(clientAddress)}`, this.#limits.address)
  }

  /** Of the anonymous their address alone is counted, and that it was already: they have no name here. */
  enterPrincipal(principal: Principal): { readonly allowed: boolean; readonly name: string | null } {
    const { kind, id } = budgetHolder(principal, '')
    if (kind === 'address') return { allowed: true, name: null }
    const name = this.#enter(`${kind}:${id}`, this.#limits[kind])
    return { allowed: name !== null, name }
  }

  leave(name: string | null): void {
    if (name === null) return
    const left = (this.#counts.get(name) ?? 0) - 1
    if (left > 0) this.#counts.set(name, left)
    else this.#counts.delete(name)
  }

  #enter(name: string, limit: number): string | null {
    const open = this.#counts.get(name) ?? 0
    if (open >= limit) return null
    this.#counts.set(name, open + 1)
    return name
  }
}
