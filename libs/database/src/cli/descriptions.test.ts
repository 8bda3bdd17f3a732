import { describe, expect, test } from '@jest/globals'
import type { Subgraph } from '../migrate/index.ts'
import { describeDrift, describeStatus } from './descriptions.ts'

const stats: Subgraph = { name: 'stats', database: 'stats', schemaFile: '', migrationsFolder: '' }
const current = { pending: [], failed: [], edited: [], unknown: [] }
const sameVersion = { live: 18, migrated: 18 }

describe('the status in words', () => {
  test('is up to date, or says each thing that is wrong and what to do about it', () => {
    expect(describeStatus(stats, current)).toEqual({ text: 'up to date', ok: true })
    const { text, ok } = describeStatus(stats, {
      pending: ['3_c', '4_d'],
      failed: [{ name: '2_b', error: undefined }],
      edited: ['1_a'],
      unknown: ['0_z'],
    })
    expect(ok).toBe(false)
    expect(text.split('\n')).toEqual([
      'pending: 3_c, 4_d; failed: 2_b: it was interrupted; edited after it was applied: 1_a; applied, but unknown to this code: 0_z',
      'Restore the edited files, and put the change into a new migration.',
      'Mend the failed one and run `npm run db -- deploy stats`; or, where its changes are there all the same, `npm run db -- resolve stats 2_b`.',
      'Update this code, or restore the files.',
    ])
  })
})

describe('drift in words', () => {
  const catalogue = [
    { kind: 'index', name: 'public.a', live: undefined, migrated: 'CREATE INDEX a' },
    { kind: 'policy', name: 'public.t.p', live: 'using true', migrated: undefined },
    { kind: 'column', name: 'public.t.c', live: 'text', migrated: 'integer' },
  ]

  test('lists what is missing, what is new and what differs', () => {
    expect(describeDrift(stats, { schema: '', catalogue, versions: sameVersion }).text.split('\n')).toEqual([
      'drift: 3 differences from the migrations',
      '- index public.a is missing: CREATE INDEX a',
      '+ policy public.t.p is in no migration: using true',
      '~ column public.t.c differs:',
      '    here:       text',
      '    migrations: integer',
      'Undo these changes, or put them into a migration; `npm run db -- reset stats` where the data can be lost.',
    ])
  })

  test('says that another version of Postgres may only use other words', () => {
    const { text } = describeDrift(stats, { schema: '', catalogue, versions: { live: 16, migrated: 18 } })
    expect(text).toMatch(/Postgres 16 and the comparison was made on 18/)
  })

  test('sends on to a new migration when only schema.prisma has changed', () => {
    const { text, ok } = describeDrift(stats, {
      schema: '[+] Added column',
      catalogue: [],
      versions: sameVersion,
    })
    expect(ok).toBe(false)
    expect(text).toMatch(/^drift: schema\.prisma has changed[^]*npm run db -- create stats <label>`\.$/)
  })
})
