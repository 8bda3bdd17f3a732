import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { StartupError } from '@courtside/kernel'
import { ACCOUNTS_SDL } from './fixtures/accounts-fixture.ts'
import {
  composeSupergraph,
  type GatewayFixture,
  openGateway,
  SUPERGRAPH,
} from './fixtures/gateway-fixture.ts'
import { STATS_SDL } from './fixtures/stats-fixture.ts'

/** As if a subgraph had been deployed that protects what was open, and has no \`echo\` any more. */
const STRICTER = composeSupergraph({
  accounts: ACCOUNTS_SDL,
  stats: STATS_SDL.replace(
    'title: String!\n    mvp',
    'title: String! @requiresScopes(scopes: [["write:games"]])\n    mvp',
  ).replace('echo(text: String): String @public', ''),
})

let fixture: GatewayFixture
beforeEach(async () => {
  fixture = await openGateway()
})
afterEach(() => fixture.stop())

const codeOf = async (query: string) => {
  const { errors } = await fixture.graphql(query)
  return errors[0]?.extensions.code ?? 'ok'
}
const said = (message: string) => fixture.log.lines.some((line) => line.message === message)

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise(setImmediate)
}

describe('a new supergraph', () => {
  test('is served without a restart, rules and schema together', async () => {
    expect(await codeOf('{ game(id: "1") { title } }')).toBe('ok')
    expect(await codeOf('{ echo }')).toBe('ok')
    await fixture.replaceSupergraph(STRICTER)
    await until(() => said('The new supergraph is served'))
    expect(await codeOf('{ game(id: "1") { title } }')).toBe('UNAUTHENTICATED')
    expect(await codeOf('{ echo }')).toBe('GRAPHQL_VALIDATION_FAILED')
  })

  test('meets every request with the old or the new of all, and none with a fault', async () => {
    const both = '{ game(id: "1") { title } }'
    const seen = new Set<string>()
    let stop = false
    const load = Array.from({ length: 4 }, async () => {
      while (!stop) seen.add(await codeOf(both))
    })
    for (const supergraph of [STRICTER, SUPERGRAPH, STRICTER]) {
      const before = fixture.log.lines.length
      await fixture.replaceSupergraph(supergraph)
      await until(() =>
        fixture.log.lines.slice(before).some(({ message }) => message === 'The new supergraph is served'),
      )
      seen.add(await codeOf(both))
    }
    stop = true
    await Promise.all(load)
    expect(seen).toEqual(new Set(['ok', 'UNAUTHENTICATED']))
  })

  test('lets a request end on the supergraph that it began on', async () => {
    const { entered, letGo } = fixture.stats.holdSlow()
    const answer = fixture.graphql('{ slow echo(text: "still here") }')
    await entered
    await fixture.replaceSupergraph(STRICTER)
    await until(() => said('The new supergraph is served'))
    letGo()
    expect((await answer).data).toEqual({ slow: 'done', echo: 'still here' })
  })

  test.each<[string, string]>([
    ['is not GraphQL', 'type Query {'],
    ['is empty', ''],
    ['is no supergraph', 'type Query { a: Int }'],
    ['asks for protection nobody gives', SUPERGRAPH.replace('authenticated/v0.1', 'authenticated/v9.9')],
    ['names an unknown scope', SUPERGRAPH.replace('manage:users', 'manage:everything')],
    ['has a subgraph that nobody can reach', SUPERGRAPH.replace('name: "stats"', 'name: "elsewhere"')],
  ])('that %s is kept out, and the log says why', async (_, text) => {
    await fixture.replaceSupergraph(text)
    await until(() => said('The new supergraph is refused; the last good one is still served'))
    const line = fixture.log.lines.find(({ message }) => message.startsWith('The new supergraph is refused'))
    expect(line?.fields['err']).toBeInstanceOf(Error)
    expect(await codeOf('{ game(id: "1") { title } }')).toBe('ok')
    const figures = await (await fetch(`${fixture.url}/metrics`)).text()
    expect(figures).toContain('courtside_gateway_supergraph_reloads_total{outcome="kept"} 1')
    await fixture.replaceSupergraph(STRICTER)
    await until(() => said('The new supergraph is served'))
  })

  test('is noticed behind a link, where the system reports nothing', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'courtside-link-'))
    const [target, link] = [path.join(folder, 'target'), path.join(folder, 'link')]
    await writeFile(`${target}.graphql`, SUPERGRAPH)
    const { mkdir } = await import('node:fs/promises')
    await mkdir(link)
    await symlink(`${target}.graphql`, path.join(link, 'supergraph.graphql'))
    const linked = await openGateway('in-process', {
      supergraphFile: path.join(link, 'supergraph.graphql'),
      supergraphPollMs: 20,
    })
    try {
      await writeFile(`${target}.graphql`, STRICTER)
      await until(() => linked.log.lines.some(({ message }) => message === 'The new supergraph is served'))
    } finally {
      await linked.stop()
      await rm(folder, { recursive: true })
    }
  })
})

describe('a gateway', () => {
  test.each<[string, Parameters<typeof openGateway>[1], RegExp]>([
    ['without a supergraph', { supergraphFile: '/nowhere/supergraph.graphql' }, /npm run compose/],
    ['without accounts', { transports: {} }, /needs the subgraph accounts/],
    [
      'without a way to a subgraph',
      { transports: { accounts: { send: () => ({ abort: () => undefined }) } } },
      /subgraph stats/,
    ],
  ])('%s does not start, and says what to do', async (_, options, message) => {
    await expect(openGateway('in-process', options)).rejects.toThrow(StartupError)
    await expect(openGateway('in-process', options)).rejects.toThrow(message)
  })
})
