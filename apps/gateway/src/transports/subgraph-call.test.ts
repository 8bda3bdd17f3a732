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
