import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { graphClient } from './graph-client.ts'
import { eventually } from './people.ts'
import { allInOne, type RunningGraph } from './shapes/index.ts'

let graph: RunningGraph
beforeAll(async () => {
  graph = await allInOne.start()
}, 60_000)
afterAll(() => graph?.stop())

/** Closes the database to everybody and cuts whoever is connected, or opens it again. */
async function setOpen(subgraph: string, open: boolean): Promise<void> {
  const url = new URL(graph.adminUrl(subgraph))
  const database = url.pathname.slice(1)
  url.pathname = '/postgres'
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  try {
    await client.query(`ALTER DATABASE "${database}" ALLOW_CONNECTIONS ${open}`)
    await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [
      database,
    ])
  } finally {
    await client.end()
  }
}

const readyz = async () => {
  const response = await fetch(`${graph.url}/readyz`)
  return { status: response.status, body: (await response.json()) as unknown }
}

describe('the platform whose database goes away', () => {
  test('says which, answers the rest, and comes back by itself', async () => {
    expect(await readyz()).toEqual({ status: 200, body: { status: 'ready' } })

    await setOpen('stats', false)
    await eventually(async () => ((await readyz()).status === 503 ? true : undefined))
    expect(await readyz()).toEqual({
      status: 503,
      body: { status: 'not ready', problems: ['stats: the database does not answer'] },
    })
    const client = graphClient(graph.url)
    const { errors } = await client.send('{ me { email } sports(first: 1) { totalCount } }')
    expect(errors).toMatchObject([{ extensions: { code: 'DATABASE_UNAVAILABLE', retryable: true } }])
    expect(JSON.stringify(errors)).not.toMatch(/stats_app|127\.0\.0\.1|pg_/)

    await setOpen('stats', true)
    await eventually(async () => ((await readyz()).status === 200 ? true : undefined))
    expect(await client.ok('{ sports(first: 1) { totalCount } }')).toEqual({ sports: { totalCount: 0 } })
  })
})
