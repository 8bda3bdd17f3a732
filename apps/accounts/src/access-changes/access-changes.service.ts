import { type Gap, mapItems, type StreamItem, type StreamLog, type StreamReader } from '@courtside/events'
import { DomainError } from '@courtside/kernel'
import { assertScope, type Caller } from '../caller.ts'
import { type AccessChange, readAccessChange } from './access-change.ts'
import { ACCESS_STREAM } from './access-change-log.ts'

/** One thing to tell a gateway, with the place after which it goes on. */
export interface AccessChangeEvent extends AccessChange {
  readonly kind: 'SNAPSHOT' | 'CHANGED'
  readonly cursor: string
  readonly epoch: number
  readonly seq: number
  /** Whoever kept what it knew from before has to ask about all of it again. */
  readonly gap: Gap | null
}

export interface AccessChangesService {
  /** From now on, or everything after a cursor. Throws when the caller may not, or the cursor is none of ours. */
  watch(caller: Caller, after: string | null): Promise<AsyncIterableIterator<AccessChangeEvent, undefined>>
}

export interface AccessChangesDependencies {
  log: Pick<StreamLog, 'heads'>
  reader: StreamReader
}

export function createAccessChangesService({ log, reader }: AccessChangesDependencies): AccessChangesService {
  /** There is nothing to show but the place: what anybody is allowed is asked with their credential. */
  const snapshot = async () => {
    const heads = await log.heads([ACCESS_STREAM])
    return { value: true, head: heads.get(ACCESS_STREAM) ?? null }
  }

  return {
    async watch(caller, after) {
      assertScope(caller, 'resolve:identity')
      return mapItems(await reader.read({ stream: ACCESS_STREAM, after, snapshot, missing }), toEvent)
    },
  }
}

const NOBODY: AccessChange = { userId: null, sessionId: null, apiKeyId: null }

function toEvent(item: StreamItem<boolean>): AccessChangeEvent {
  const { cursor, place } = item
  const at = { cursor, epoch: place.epoch, seq: place.seq }
  if (item.kind === 'snapshot') return { ...NOBODY, kind: 'SNAPSHOT', gap: item.gap, ...at }
  return { ...readAccessChange(item.fact), kind: 'CHANGED', gap: null, ...at }
}

/** The snapshot always holds something. */
const missing = () =>
  new DomainError({ kind: 'not-found', code: 'NOT_FOUND', message: 'There is nothing to follow here.' })
