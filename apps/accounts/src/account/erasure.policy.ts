/** Who keeps something about people. An erasure is complete when each of them has given its receipt. */
export const ERASURE_OWNERS = ['accounts'] as const

export interface Receipt {
  subgraph: string
  completedAt: Date
  /** How much was removed or emptied, by what it was. */
  counts: Readonly<Record<string, number>>
}

/** The moment of the last receipt; null while one is missing. */
export function completionOf(
  receipts: readonly Pick<Receipt, 'subgraph' | 'completedAt'>[],
  owners: readonly string[] = ERASURE_OWNERS,
): Date | null {
  const given = new Set(receipts.map(({ subgraph }) => subgraph))
  if (!owners.every((owner) => given.has(owner))) return null
  return new Date(Math.max(...receipts.map(({ completedAt }) => completedAt.getTime())))
}

/** What is left of an account: nothing that tells who it was, and names that nobody else can have. */
export function erasedEmail(id: string): string {
  return `${id}@erased.invalid`
}

/** People type their name as they remember it; names differ by more than case. */
export function isConfirmedBy(username: string, typed: string): boolean {
  return typed.trim().toLowerCase() === username.toLowerCase()
}
