import type { Principal } from '@courtside/auth'
import { assertNever } from '@courtside/kernel'
import { addressKey } from './address-key.ts'

export type HolderKind = 'address' | 'person' | 'partner'

/** Who has an allowance: a person or a key by itself, everybody else by address. */
export interface BudgetHolder {
  readonly kind: HolderKind
  /** Of all holders of this kind. */
  readonly id: string
}

export function budgetHolder(principal: Principal, clientAddress: string): BudgetHolder {
  const { apiKeyId, userId, service } = principal
  return { kind: kindOf(principal), id: apiKeyId ?? userId ?? service ?? addressKey(clientAddress) }
}

function kindOf({ kind }: Principal): HolderKind {
  switch (kind) {
    case 'anonymous':
      return 'address'
    case 'user':
    case 'service':
      return 'person'
    case 'partner':
      return 'partner'
    default:
      return assertNever(kind)
  }
}
