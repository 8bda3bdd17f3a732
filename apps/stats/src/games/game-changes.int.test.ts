import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createCursorCodec, throwAwayStreamSettings } from '@courtside/events'
import { openStats, type StatsHarness } from '../testing/open-stats.ts'
import { makeSeason, type SeasonWithTeams } from '../testing/season.ts'
import { subscribeToGame, type WatchedChange, watchGame } from '../testing/watching.ts'

let stats: StatsHarness
let season: SeasonWithTeams
beforeAll(async () => {
  stats = await openStats()
  season = await makeSeason(stats, 4)
})
afterAll(() => stats.close())

let games = 0
/** Of the first two teams, on a day of its own. */
async function makeGame(input: object = {}): Promise<string> {
  const [homeTeamId, awayTeamId] = season.teamIds as [string, string]
  const startsAt = new Date(Date.UTC(2026, 10, 21 + games++, 19)).toISOString()
  return stats.make.game({ seasonId: season.seasonId, homeTeamId, awayTeamId, startsAt, ...input })
}

const rename = (id: string, expectedVersion: number, name = `Version ${expectedVersion + 1}`) =>
  stats.mutate('updateGame', { id, expectedVersion, name }, 'game { id }')

async function renameTimes(id: string, times: number, from = 1): Promise<void> {
  for (let version = from; version < from + times; version++) await rename(id, version)
}

const factsOf = (stream: string) =>
  stats.sql<{ seq: string; type: string; kind: string; version: number }>(
    `SELECT seq, type, payload ->> 'kind' AS kind, (payload -> 'game' ->> 'version')::int AS version
     FROM facts WHERE stream = $1 ORDER BY seq`,
    [stream],
  )

async function countOfTeams(...ids: readonly string[]): Promise<number[]> {
  const counts: number[] = []
  for (const id of ids) counts.push((await factsOf(`team:${id}`)).length)
  return counts
}

const versions = (changes: readonly WatchedChange[]) => changes.map(({ game }) => game.version)
const kinds = (changes: readonly WatchedChange[]) => changes.map(({ kind }) => kind)
const refusalOf = async (asked: { gameId: string; after?: string }) => {
  const { errors } = await subscribeToGame(stats, asked)
  return errors?.map(({ message, extensions }) => ({ code: extensions?.['code'], message }))
}

describe('what a change of a game adds to the log', () => {
  test('is one fact in the stream of the game and in those of its teams, before and after', async () => {
    const [home, away, third] = season.teamIds as [string, string, string]
    const gameId = await makeGame()
    const before = await countOfTeams(home, away, third)
    await stats.mutate('updateGame', { id: gameId, expectedVersion: 1, homeTeamId: third }, 'game { id }')
    const after = await countOfTeams(home, away, third)
    expect(after.map((count, index) => count - (before[index] ?? 0))).toEqual([1, 1, 1])
    expect((await factsOf(`game:${gameId}`)).map(({ kind, version }) => [kind, version])).toEqual([
      ['CREATED', 1],
      ['TEAMS', 2],
    ])
  })

  test('is nothing when the change was refused, or changed nothing', async () => {
    const gameId = await makeGame()
    await stats.refused('updateGame', { id: gameId, expectedVersion: 7, name: 'Too late' })
    await stats.mutate('updateGame', { id: gameId, expectedVersion: 1, name: null }, 'game { id }')
    expect(await factsOf(`game:${gameId}`)).toHaveLength(1)
  })

  test('is nothing when the transaction is rolled back after it was appended', async () => {
    const gameId = await makeGame()
    // The audit entry is written after the facts, so this is as late as a write can fail.
    await stats.sql(`ALTER TABLE audit_log ADD CONSTRAINT trial CHECK (action <> 'games.update') NOT VALID`)
    try {
      const { code } = await stats.refused('updateGame', { id: gameId, expectedVersion: 1, name: 'Lost' })
      expect(code).toBe('INTERNAL_SERVER_ERROR')
    } finally {
      await stats.sql('ALTER TABLE audit_log DROP CONSTRAINT trial')
    }
    await rename(gameId, 1)
    expect((await factsOf(`game:${gameId}`)).map(({ seq, version }) => [seq, version])).toEqual([
      ['1', 1],
      ['2', 2],
    ])
  })

  test('is one fact for a creation that is sent twice', async () => {
    const startsAt = '2027-03-01T19:00:00Z'
    const first = await makeGame({ startsAt, idempotencyKey: 'the same' })
    const [team] = await stats.sql('SELECT count(*)::int FROM facts WHERE stream LIKE $1', ['team:%'])
    expect(await makeGame({ startsAt, idempotencyKey: 'the same' })).toBe(first)
    expect(await factsOf(`game:${first}`)).toHaveLength(1)
    expect(await stats.sql('SELECT count(*)::int FROM facts WHERE stream LIKE $1', ['team:%'])).toEqual([
      team,
    ])
  })
})

describe('who watches a game', () => {
  test('begins with the game as it is, and is told each change with its kind', async () => {
    const gameId = await makeGame()
    const venueId = await stats.make.venue()
    const watching = await watchGame(stats, { gameId })
    expect(await watching.next()).toMatchObject({
      kind: 'SNAPSHOT',
      gap: null,
      recordedAt: null,
      game: { version: 1 },
      mark: { kind: 'place', seq: 1, snapshot: true },
    })
    await stats.mutate('updateGame', { id: gameId, expectedVersion: 1, venueId }, 'game { id }')
    expect(await watching.next()).toMatchObject({
      kind: 'VENUE',
      occurredAt: stats.clock.now().toISOString(),
      recordedAt: expect.any(String),
      game: { version: 2, venue: { id: venueId } },
      mark: { kind: 'place', seq: 2, snapshot: false },
    })
    await stats.mutate(
      'rescheduleGame',
      { id: gameId, expectedVersion: 2, startsAt: '2027-04-01T19:00:00Z' },
      'game { id }',
    )
    await stats.mutate(
      'changeGameStatus',
      { id: gameId, expectedVersion: 3, status: 'CANCELLED', reason: 'Snow' },
      'game { id }',
    )
    await rename(gameId, 4)
    await stats.mutate('deleteGame', { id: gameId, expectedVersion: 5 }, 'deletedId')
    const rest = await watching.take(4)
    expect(kinds(rest)).toEqual(['SCHEDULE', 'STATUS', 'DETAILS', 'REMOVED'])
    expect(rest.at(-1)?.game).toMatchObject({ id: gameId, status: 'CANCELLED', version: 5 })
    expect(await watching.isOver()).toBe(true)
  })

  test('comes back with any cursor and is told exactly what came after it', async () => {
    const gameId = await makeGame()
    const watching = await watchGame(stats, { gameId })
    const snapshot = await watching.next()
    await renameTimes(gameId, 6)
    const told = [snapshot, ...(await watching.until(7))]
    await watching.leave()
    for (const [index, { cursor }] of told.entries()) {
      const again = await watchGame(stats, { gameId, after: cursor })
      const rest = told.slice(index + 1)
      expect(await again.take(rest.length)).toEqual(rest)
      await again.leave()
    }
  })

  test('is told history as it was, also of a game that is no more', async () => {
    const gameId = await makeGame({ name: 'First' })
    const watching = await watchGame(stats, { gameId })
    const { cursor } = await watching.next()
    await rename(gameId, 1, 'Second')
    await stats.mutate('deleteGame', { id: gameId, expectedVersion: 2 }, 'deletedId')
    const [renamed, removed] = await watching.take(2)
    expect(await refusalOf({ gameId })).toMatchObject([{ code: 'STATS_NOT_FOUND' }])

    const again = await watchGame(stats, { gameId, after: cursor })
    expect(await again.take(2)).toEqual([renamed, removed])
    expect(renamed?.game.name).toBe('Second')
    expect(await again.isOver()).toBe(true)
    const late = await watchGame(stats, { gameId, after: removed?.cursor ?? null })
    expect(await late.isOver()).toBe(true)
  })

  test('finds the stream of a game however its id is spelt', async () => {
    const gameId = await makeGame()
    const watching = await watchGame(stats, { gameId: gameId.toUpperCase() })
    const { cursor } = await watching.next()
    await rename(gameId, 1)
    expect((await watching.next()).game.version).toBe(2)
    expect((await (await watchGame(stats, { gameId, after: cursor })).next()).game.version).toBe(2)
  })

  test('leaves at once, also while nothing happens', async () => {
    const watching = await watchGame(stats, { gameId: await makeGame() })
    await watching.next()
    const waiting = watching.isOver()
    await watching.leave()
    expect(await waiting).toBe(true)
  })

  test('begins at the same place where a game has no facts yet', async () => {
    const gameId = await makeGame()
    // As a game that is older than the log.
    await stats.sql('DELETE FROM facts WHERE stream = $1', [`game:${gameId}`])
    await stats.sql('DELETE FROM stream_heads WHERE stream = $1', [`game:${gameId}`])
    const watching = await watchGame(stats, { gameId })
    const { cursor, mark } = await watching.next()
    expect(mark).toMatchObject({ seq: 0, snapshot: true })
    await rename(gameId, 1)
    const [first] = await watching.take(1)
    expect(first).toMatchObject({ kind: 'DETAILS', mark: { seq: 1 } })
    expect(await (await watchGame(stats, { gameId, after: cursor })).next()).toEqual(first)
  })
})

describe('where facts are missing', () => {
  test('a snapshot says that they are no longer kept', async () => {
    const gameId = await makeGame()
    const watching = await watchGame(stats, { gameId })
    const { cursor } = await watching.next()
    await watching.leave()
    await renameTimes(gameId, 3)
    await stats.sql(`SELECT remove_facts($1, now() + interval '1 hour', 3)`, [`game:${gameId}`])

    const again = await watchGame(stats, { gameId, after: cursor })
    const snapshot = await again.next()
    expect(snapshot).toMatchObject({
      kind: 'SNAPSHOT',
      gap: { reason: 'RETENTION' },
      game: { version: 4 },
      mark: { seq: 4, snapshot: true },
    })
    await rename(gameId, 4)
    expect(await again.next()).toMatchObject({ kind: 'DETAILS', gap: null, mark: { seq: 5 } })
  })

  test('nothing is said to whoever has not missed any of them', async () => {
    const gameId = await makeGame()
    await rename(gameId, 1)
    const { cursor } = await (await watchGame(stats, { gameId })).next()
    await stats.sql(`SELECT remove_facts($1, now() + interval '1 hour', 10)`, [`game:${gameId}`])
    await rename(gameId, 2)
    expect(await (await watchGame(stats, { gameId, after: cursor })).next()).toMatchObject({
      kind: 'DETAILS',
      gap: null,
      game: { version: 3 },
    })
  })

  test('a game that is gone too is not found', async () => {
    const gameId = await makeGame()
    const { cursor } = await (await watchGame(stats, { gameId })).next()
    await stats.mutate('deleteGame', { id: gameId, expectedVersion: 1 }, 'deletedId')
    await stats.sql(`SELECT remove_facts($1, now() + interval '1 hour', 10)`, [`game:${gameId}`])
    expect(await refusalOf({ gameId, after: cursor })).toMatchObject([{ code: 'STATS_NOT_FOUND' }])
  })

  test('a restored log is told to whoever comes back, and to whoever is there', async () => {
    const gameId = await makeGame()
    const watching = await watchGame(stats, { gameId })
    const { cursor } = await watching.next()
    await stats.sql('SELECT bump_stream_epoch()')
    await rename(gameId, 1)

    const again = await watchGame(stats, { gameId, after: cursor })
    for (const reader of [again, watching]) {
      // Whoever is there may hear of the restore before the change, and of the change after that.
      const told = await reader.until(2)
      expect(told[0]).toMatchObject({ kind: 'SNAPSHOT', gap: { reason: 'RESTORED' }, mark: { epoch: 2 } })
      expect(told.at(-1)?.mark).toMatchObject({ epoch: 2, seq: 2 })
    }
    await rename(gameId, 2)
    for (const reader of [again, watching]) expect((await reader.next()).game.version).toBe(3)
  })

  test('a cursor that is ahead of the log shows that it was restored, though nobody said so', async () => {
    const gameId = await makeGame()
    const watching = await watchGame(stats, { gameId })
    await renameTimes(gameId, 2)
    const [, , { cursor }] = (await watching.take(3)) as [unknown, unknown, WatchedChange]
    await watching.leave()
    await stats.sql('DELETE FROM facts WHERE stream = $1 AND seq > 1', [`game:${gameId}`])
    await stats.sql('UPDATE stream_heads SET seq = 1 WHERE stream = $1', [`game:${gameId}`])
    expect(await (await watchGame(stats, { gameId, after: cursor })).next()).toMatchObject({
      kind: 'SNAPSHOT',
      gap: { reason: 'RESTORED' },
    })
  })
})

describe('a subscription that cannot begin', () => {
  const UNKNOWN = '0197b1de-0000-7000-8000-000000000000'

  test.each([UNKNOWN, 'no-uuid', '', `game:${UNKNOWN}`, '\u0000'])('for the game %j', async (gameId) => {
    expect(await refusalOf({ gameId })).toMatchObject([{ code: 'STATS_NOT_FOUND' }])
  })

  test.each([
    ['nothing', ''],
    ['a letter', 'x'],
    ['what is short', 'AAAA'],
    ['no base64', '%'],
    ['as long as one may be', 'a'.repeat(120)],
    ['much longer', 'a'.repeat(100_000)],
    ['what ends a text in C', '\u0000'],
    ['what is no ASCII', '🏐'],
  ])('with a cursor that is %s', async (_what, after) => {
    expect(await refusalOf({ gameId: await makeGame(), after })).toEqual([
      { code: 'CURSOR_INVALID', message: expect.stringContaining('leave it out') },
    ])
  })

  test('with a cursor that somebody else has signed', async () => {
    const gameId = await makeGame()
    const { cursorKeys } = throwAwayStreamSettings()
    const after = createCursorCodec({ keys: cursorKeys }).encode({
      stream: `game:${gameId}`,
      epoch: 1,
      seq: 1,
    })
    expect(await refusalOf({ gameId, after })).toMatchObject([{ code: 'CURSOR_INVALID' }])
  })

  test('with a cursor of another game', async () => {
    const { cursor } = await (await watchGame(stats, { gameId: await makeGame() })).next()
    expect(await refusalOf({ gameId: await makeGame(), after: cursor })).toEqual([
      { code: 'CURSOR_FOREIGN', message: expect.stringContaining('the same arguments') },
    ])
  })
})

test('GW-02: whoever joins at whatever moment, among many who write, has the whole history after the snapshot', async () => {
  const WRITERS = 6
  const CHANGES = 30
  const gameId = await makeGame()
  const readers: Promise<WatchedChange[]>[] = []
  const joining = async () => {
    const watching = await watchGame(stats, { gameId })
    const told = await watching.until(CHANGES + 1)
    await watching.leave()
    return told
  }
  let version = 1
  const write = async () => {
    while (version <= CHANGES) {
      const seen = version
      if (Math.random() < 0.5) readers.push(joining())
      const { errors } = await stats.admin.run(
        'mutation ($input: UpdateGameInput!) { updateGame(input: $input) { game { version } } }',
        { input: { id: gameId, expectedVersion: seen, name: `Version ${seen + 1}` } },
      )
      // Another writer was first: look again.
      if (errors.length === 0) version = seen + 1
      else expect(errors[0]?.code).toBe('STATS_VERSION_CONFLICT')
    }
  }
  readers.push(joining())
  await Promise.all(Array.from({ length: WRITERS }, write))

  const histories = await Promise.all(readers)
  expect(histories.length).toBeGreaterThan(10)
  for (const [snapshot, ...facts] of histories) {
    const first = snapshot?.game.version ?? 0
    // The version of the game is the number of its fact, so both show a hole or a double.
    expect(snapshot?.mark).toMatchObject({ snapshot: true, seq: first })
    expect(versions(facts)).toEqual(
      Array.from({ length: CHANGES + 1 - first }, (_, index) => first + 1 + index),
    )
    expect(facts.every(({ mark, game }) => mark?.kind === 'place' && mark.seq === game.version)).toBe(true)
  }
})

test('a process that closes breaks its subscriptions, so that they go on elsewhere', async () => {
  const other = await openStats()
  const { seasonId, teamIds } = await makeSeason(other, 2)
  const [homeTeamId, awayTeamId] = teamIds as [string, string]
  const gameId = await other.make.game({ seasonId, homeTeamId, awayTeamId })
  const watching = await watchGame(other, { gameId })
  await watching.next()
  const waiting = watching.isOver().catch((error: unknown) => error)
  await other.close()
  expect(await waiting).toMatchObject({ errors: [{ extensions: { retryable: true } }] })
})

test('those who write to games of the same teams, each the other way round, never wait in a circle', async () => {
  const deadlocks = async () =>
    stats.sql('SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()')
  const before = await deadlocks()
  const [one, two] = season.teamIds as [string, string]
  const there = await makeGame()
  const back = await makeGame({ homeTeamId: two, awayTeamId: one })
  await Promise.all([renameTimes(there, 15), renameTimes(back, 15)])
  expect(await deadlocks()).toEqual(before)
  for (const teamId of [one, two]) {
    const seqs = (await factsOf(`team:${teamId}`)).map(({ seq }) => Number(seq))
    expect(seqs).toEqual(seqs.map((_, index) => index + 1))
  }
})
