import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { statementsDuring } from '@courtside/testing'
import { openStats, type StatsHarness } from './testing/open-stats.ts'

type Row = Record<string, unknown> & { id: string }

interface Case {
  type: string
  list: string
  /** All that can be said when it is made; beside `sportId`, which some are made with. */
  values: Record<string, unknown>
  hasSport?: true
  change: Record<string, unknown>
  /** Fields that null clears. */
  clearable?: readonly string[]
}

const CASES: Case[] = [
  {
    type: 'Sport',
    list: 'sports',
    values: { kind: 'SOCCER', name: 'Fußball', slug: 'fussball' },
    change: { name: 'Soccer', slug: 'soccer' },
  },
  {
    type: 'Season',
    list: 'seasons',
    hasSport: true,
    values: { label: '2030', startsOn: '2030-01-15', endsOn: '2030-12-15' },
    change: { label: '2030-2031', startsOn: '2030-02-01', endsOn: '2031-01-31' },
  },
  {
    type: 'Conference',
    list: 'conferences',
    hasSport: true,
    values: { name: 'Northern Lakes', abbreviation: 'NLC' },
    change: { name: 'Southern Lakes', abbreviation: 'SLC' },
  },
  {
    type: 'Venue',
    list: 'venues',
    values: {
      name: 'Palais du Lac',
      city: 'Lac Clair',
      country: 'CA',
      capacity: 3_900,
      timeZone: 'America/Toronto',
    },
    change: { name: 'Dôme', city: 'Québec', country: 'FR', capacity: 1, timeZone: 'Europe/Paris' },
    clearable: ['capacity'],
  },
  {
    type: 'RuleSet',
    list: 'ruleSets',
    hasSport: true,
    values: { name: 'Beach', edition: '2026' },
    change: { name: 'Snow', edition: '2027' },
  },
  {
    type: 'Team',
    list: 'teams',
    hasSport: true,
    values: {
      name: 'Harrow Bay Herons',
      abbreviation: 'HBH',
      slug: 'herons',
      city: 'Harrow Bay',
      logoUrl: 'https://courtside.example/herons.svg',
      primaryColor: '#0b3c5d',
      secondaryColor: '#f2b632',
    },
    change: {
      name: 'Port Alder Tides',
      abbreviation: 'PAT',
      slug: 'tides',
      city: 'Port Alder',
      logoUrl: 'https://courtside.example/tides.svg',
      primaryColor: '#000000',
      secondaryColor: '#ffffff',
      isActive: false,
    },
    clearable: ['logoUrl', 'primaryColor', 'secondaryColor'],
  },
  {
    type: 'Player',
    list: 'players',
    values: {
      firstName: 'Zoë',
      lastName: 'Lindqvist',
      displayName: 'Zoë L.',
      birthDate: '2001-02-28',
      heightCm: 184,
      position: 'OPPOSITE',
      nationality: 'SE',
    },
    change: {
      firstName: 'Ada',
      lastName: 'Novak',
      displayName: 'Ada N.',
      birthDate: '1999-12-31',
      heightCm: 190,
      position: 'SETTER',
      nationality: 'US',
      isActive: false,
    },
    clearable: ['birthDate', 'heightCm', 'position', 'nationality'],
  },
]

let stats: StatsHarness
let sportId: string
beforeAll(async () => {
  stats = await openStats()
  sportId = await stats.make.sport()
})
afterAll(() => stats.close())

describe.each(CASES)('GW-17: $type', ({ type, list, values, hasSport, change, clearable = [] }) => {
  const field = type.charAt(0).toLowerCase() + type.slice(1)
  const fields = Object.keys({ ...values, ...change }).join(' ')
  const input = () => ({ ...values, ...(hasSport && { sportId }) })

  const selection = `${field} { id ${fields} }`
  const create = async () => {
    const created = await stats.mutate<Record<string, Row>>(`create${type}`, input(), selection)
    return created[field] as Row
  }
  const update = async (input: object) =>
    (await stats.mutate<Record<string, Row>>(`update${type}`, input, selection))[field]
  const remove = (id: string) => stats.mutate<{ deletedId: string }>(`delete${type}`, { id }, 'deletedId')
  const read = async (id: string) =>
    (
      await stats.admin.ok<{ found: Row | null }>(
        `query ($id: ID!) { found: ${field}(id: $id) { id ${fields} } }`,
        {
          id,
        },
      )
    ).found
  const auditOf = async (entityId: string) => {
    const { statsAuditLog } = await stats.admin.ok<{
      statsAuditLog: { edges: { node: { action: string; before: Row | null; after: Row | null } }[] }
    }>(
      `query ($filter: AuditFilter) { statsAuditLog(filter: $filter) { edges { node { action before after } } } }`,
      { filter: { entityType: type, entityId } },
    )
    return statsAuditLog.edges.map(({ node }) => node).toReversed()
  }

  test('is created, read, listed, changed and deleted, and each step is in the audit log', async () => {
    const made = await create()
    expect(made).toMatchObject(values)
    expect(await read(made.id)).toEqual(made)

    const { all } = await stats.admin.ok<{ all: { totalCount: number; edges: { node: Row }[] } }>(
      `{ all: ${list} { totalCount edges { node { id } } } }`,
    )
    expect(all.edges.map(({ node }) => node.id)).toContain(made.id)
    expect(all.totalCount).toBe(all.edges.length)

    const changed = await update({ id: made.id, ...change })
    expect(changed).toEqual({ ...made, ...change })
    expect(await read(made.id)).toEqual(changed)

    expect((await remove(made.id)).deletedId).toBe(made.id)
    expect(await read(made.id)).toBeNull()

    const [created, updated, deleted, ...more] = await auditOf(made.id)
    expect(created).toMatchObject({ action: expect.stringMatching(/\.create$/), before: null, after: values })
    const before = Object.fromEntries(Object.keys(change).map((name) => [name, made[name]]))
    expect(updated).toMatchObject({ action: expect.stringMatching(/\.update$/), before, after: change })
    expect(deleted).toMatchObject({ action: expect.stringMatching(/\.delete$/), before: change, after: null })
    expect(more).toEqual([])
  })

  test('keeps what a change leaves out, and loses what it sets to null', async () => {
    const made = await create()
    expect(await update({ id: made.id })).toEqual(made)
    const nothing = Object.fromEntries(clearable.map((name) => [name, null]))
    expect(await update({ id: made.id, ...nothing })).toEqual({ ...made, ...nothing })
    await remove(made.id)
  })

  test('keeps what it cannot be without', async () => {
    const made = await create()
    for (const name of Object.keys(change).filter((name) => !clearable.includes(name))) {
      const error = await stats.refused(`update${type}`, { id: made.id, [name]: null })
      expect(error).toMatchObject({ code: 'BAD_USER_INPUT', extensions: { faults: [{ path: [name] }] } })
    }
    expect(await read(made.id)).toEqual(made)
    await remove(made.id)
  })

  test('leaves no entry in the audit log of a change that changes nothing', async () => {
    const made = await create()
    await update({ id: made.id })
    const same = Object.fromEntries(Object.keys(change).map((name) => [name, made[name]]))
    await update({ id: made.id, ...same })
    expect(await auditOf(made.id)).toHaveLength(1)
    await remove(made.id)
  })

  test('that is not there cannot be changed or deleted', async () => {
    const id = '0197b1de-0000-7000-8000-000000000000'
    for (const verb of ['update', 'delete']) {
      const error = await stats.refused(`${verb}${type}`, { id })
      expect(error).toMatchObject({ code: 'STATS_NOT_FOUND', extensions: { entityType: type, id } })
    }
    expect(await read(id)).toBeNull()
    expect(await read('no id at all')).toBeNull()
  })

  test('is counted only when somebody asks how many there are', async () => {
    const page = (selection: string) =>
      statementsDuring(() => stats.anybody.ok(`{ ${list} { ${selection} edges { node { id } } } }`))
    const without = await page('')
    const withCount = await page('totalCount')
    expect(without.statements.filter((sql) => /count\(/i.test(sql))).toEqual([])
    expect(withCount.statements.filter((sql) => /count\(/i.test(sql))).toHaveLength(1)
  })
})
