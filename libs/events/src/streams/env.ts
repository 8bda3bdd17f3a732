import { urlOf } from '@courtside/config'
import * as z from 'zod'
import type { CursorKey } from '../cursor/index.ts'

/** What carries hints between processes. */
export type BusChoice = 'postgres' | 'redis'

const KEY = /^(\d{1,3}):([A-Za-z0-9+/_-]{43,}={0,2})$/
const KEYS_EXPECTED =
  'expected the keys that sign cursors, the newest first, as <id>:<secret>,… with an id from 0 to 255 and at least 32 bytes in base64, for example 1:$(openssl rand -base64 32)'

const toKey = (text: string): CursorKey | null => {
  const [, id, secret] = KEY.exec(text.trim()) ?? []
  if (id === undefined || secret === undefined || Number(id) > 255) return null
  return { id: Number(id), secret: Buffer.from(secret, 'base64') }
}

const cursorKeys = () =>
  z.string(KEYS_EXPECTED).transform((text, context): CursorKey[] => {
    const keys = text.split(',').map(toKey)
    const known = keys.filter((key) => key !== null)
    const ids = new Set(known.map(({ id }) => id))
    if (known.length < keys.length || ids.size < keys.length) {
      context.addIssue({
        code: 'custom',
        message: ids.size < known.length ? `${KEYS_EXPECTED}; two have the same id` : KEYS_EXPECTED,
      })
    }
    return known
  })

/** The settings of every process that holds a log. */
export const streamsEnvShape = (production: boolean) => ({
  BUS: z.enum(['postgres', 'redis'], 'expected postgres or redis').default('postgres'),
  REDIS_URL: urlOf('redis', 'rediss').optional(),
  CURSOR_KEYS: production ? cursorKeys() : cursorKeys().optional(),
})

export interface StreamsEnv {
  readonly BUS: BusChoice
  readonly REDIS_URL?: string | undefined
  readonly CURSOR_KEYS?: readonly CursorKey[] | undefined
}
