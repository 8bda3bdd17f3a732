import { recordAudit } from '@courtside/database'
import { parseInput } from '@courtside/validation'
import * as z from 'zod'
import { auditOf, type Caller, personOf } from '../caller.ts'
import { readDatabaseClock } from '../database-clock.ts'
import type { Database } from '../db.ts'
import type { OwnershipPolicy } from '../ownership.policy.ts'
import { type Account, accountRepository, shownEmail, userNotFound } from '../users/index.ts'
import { EXPORTED_PARTS, type Part, PART_NAMES, type PartName } from './account-export.repository.ts'

export interface AccountExport {
  generatedAt: Date
  content: Readonly<Record<string, object>>
  shortenedParts: PartName[]
}

/** Rows of one query. */
const PAGE = 500
/** Items of one part. What one person can have by hand is far below. */
const MOST_ITEMS = 10_000

const exportInput = z.object({ parts: z.array(z.enum(PART_NAMES)).nullish() })

export type AccountExportService = ReturnType<typeof createAccountExportService>

export function createAccountExportService({ db, ownership }: { db: Database; ownership: OwnershipPolicy }) {
  /** Each page in a transaction of its own: a long export holds no connection from the others. */
  const readPart = async (userId: string, part: Part): Promise<{ items: object[]; isShortened: boolean }> => {
    const items: object[] = []
    let after: string | undefined
    while (items.length <= MOST_ITEMS) {
      const page = await db.as({ userId }, (tx) => part.page(tx, userId, after, PAGE))
      items.push(...page.map(({ item }) => item))
      after = page.at(-1)?.key
      if (page.length < PAGE) break
    }
    return { items: items.slice(0, MOST_ITEMS), isShortened: items.length > MOST_ITEMS }
  }

  return {
    /** Read as the person, so that row-level security vouches for every line of it. */
    async export(caller: Caller, input: unknown): Promise<AccountExport> {
      const userId = personOf(caller)
      const { parts } = parseInput(exportInput, input)
      const { account, generatedAt } = await db.as({ userId }, async (tx) => {
        const now = await readDatabaseClock(tx)
        return { account: await accountRepository.find(tx, userId, now), generatedAt: now }
      })
      if (!account || !ownership(caller.principal, account.id)) throw userNotFound()

      const content: Record<string, object> = { profile: toExportedProfile(account) }
      const shortenedParts: PartName[] = []
      for (const name of PART_NAMES.filter((part) => parts?.includes(part) ?? true)) {
        const { items, isShortened } = await readPart(userId, EXPORTED_PARTS[name])
        content[toFieldName(name)] = items
        if (isShortened) shortenedParts.push(name)
      }
      await db.as({ userId }, (tx) =>
        recordAudit(tx, {
          ...auditOf(caller),
          action: 'users.export',
          entityType: 'User',
          entityId: userId,
          before: null,
          after: { parts: parts ?? PART_NAMES },
        }),
      )
      return { generatedAt, content, shortenedParts }
    },
  }
}

/** `API_KEYS` is `apiKeys` in the content, as everywhere in the graph. */
function toFieldName(name: PartName): string {
  return name.toLowerCase().replace(/_(.)/g, (_, first: string) => first.toUpperCase())
}

function toExportedProfile({ roles: _derived, email, ...account }: Account): object {
  return { ...account, email: shownEmail(email) }
}
