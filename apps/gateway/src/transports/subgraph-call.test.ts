import { expect, test } from '@jest/globals'
import { silentLogger } from '@courtside/logger'
import type { Expiring } from './resilience/index.ts'
import { SubgraphCall } from './subgraph-call.ts'
import { createSubgraphLinks } from './subgraph-link.ts'
import { toFetchRequest } from './subgraph-operation.ts'

test('a call is watched until it is answered, and not a moment longer', () => {
  const watched = new Set<Expiring>()
  const transport = { send: () => ({ abort: () => undefined }) }
  const links = createSubgraphLinks({
    transports: { stats: transport },
    deadlineMs: 1_000,
    log: silentLogger,
    now: () => 0,
  })
  const link = links.get('stats')
  if (!link) throw new Error('There is no link')
  const deadlines = {
    watch: (item: Expiring) => void watched.add(item),
    forget: (item: Expiring) => void watched.delete(item),
  }
  const outcomes: unknown[] = []
  const call = new SubgraphCall(
    { ...link, deadlines },
    { latestAt: 1_000, caller: {}, cancellation: null, settle: (outcome) => outcomes.push(outcome) },
  )
  call.begin({ fetch: toFetchRequest({ query: '{ a }' }), headers: {} })
  expect([...watched]).toEqual([call])
  call.answered({ data: {} })
  call.answered({ data: {} })
  expect([watched.size, outcomes]).toEqual([0, [{ data: {} }]])
})

test.each([
  ['counts against the subgraph', false, 'open'],
  ['says nothing of it when this process was too busy to hear', true, 'closed'],
])('a late answer %s', (_, lagged, breaker) => {
  const time = { now: 0 }
  const transport = { send: () => ({ abort: () => undefined }) }
  const links = createSubgraphLinks({
    transports: { stats: transport },
    deadlineMs: 1_000,
    log: silentLogger,
    now: () => time.now,
  })
  const link = links.get('stats')
  if (!link) throw new Error('There is no link')
  const calls = Array.from({ length: 20 }, () => {
    const terms = { latestAt: 1_000, caller: {}, cancellation: null, settle: () => undefined }
    const call = new SubgraphCall(link, terms)
    call.begin({ fetch: toFetchRequest({ query: '{ a }' }), headers: {} })
    return call
  })
  time.now = 1_000
  for (const call of calls) call.expire(lagged)
  expect(link.load()).toMatchObject({ inFlight: 0, breaker })
})
