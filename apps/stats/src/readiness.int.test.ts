import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createRecordedLog, openSubgraph, type SubgraphHarness } from '@courtside/testing'
import { composeStats } from './compose.ts'

const NOBODY_LISTENS = '1'

let stats: SubgraphHarness
const log = createRecordedLog()
beforeAll(async () => {
  stats = await openSubgraph('stats', ({ databaseUrl, ...dependencies }) => {
    const url = new URL(databaseUrl)
    url.port = NOBODY_LISTENS
    return composeStats({ ...dependencies, databaseUrl: url.href, log })
  })
})
afterAll(() => stats.close())

describe('stats without its database', () => {
  test('is not ready, and the log says why', async () => {
    expect(await stats.subgraph.readiness.problems()).toEqual(['the database does not answer'])
    expect(log.lines).toContainEqual({
      level: 'warn',
      fields: { subgraph: 'stats', err: expect.objectContaining({ code: 'ECONNREFUSED' }) },
      message: 'Not ready: the database does not answer',
    })
  })
})
