import { createHash } from 'node:crypto'
import { afterEach, describe, expect, test } from '@jest/globals'
import type { GatewayOptions } from './compose.ts'
import { type GatewayFixture, openGateway, SUPERGRAPH } from './fixtures/gateway-fixture.ts'

let fixture: GatewayFixture
const running: GatewayFixture[] = []
afterEach(async () => {
  for (const opened of running.splice(0)) await opened.stop()
})

const open = async (options: Partial<GatewayOptions>) => {
  fixture = await openGateway('http', options)
  running.push(fixture)
}
const listed = (name: string, body: string, type: 'query' | 'mutation' | 'subscription' = 'query') => ({
  id: createHash('sha256').update(body).digest('hex'),
  name,
  type,
  body,
})

const GAME = listed('Game', 'query Game($id: ID!) { game(id: $id) { title mvp { name points } } }')
const RENAME = listed('Note', 'mutation Note($text: String!) { note(text: $text) }', 'mutation')
const TWO = listed('Games', 'query Games { games { title } } query Users { games { id } }')
const ABOUT_SCHEMA = listed('Schema', '{ __schema { types { name } } }')
const OF_ANOTHER_GRAPH = listed('Other', 'query Other { standings { rank } }')
const NO_DOCUMENT = listed('Broken', 'query Broken {')
const TOO_DEEP = listed('Deep', `{ game(id: "1") { ${'next { '.repeat(20)} id ${'} '.repeat(20)} } }`)

/** The sum of a metric's series that carry this label. */
async function figure(metric: string, label = ''): Promise<number> {
  const text = await (await fetch(`${fixture.url}/metrics`)).text()
  const series = text.split('\n').filter((line) => line.startsWith(metric) && line.includes(label))
  return series.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}
const compilations = () => figure('courtside_gateway_compilation_duration_seconds_count')
const said = (message: RegExp) => fixture.log.lines.filter((line) => message.test(line.message))
const warmedUp = async (times = 1) => {
  while (said(/^Listed operations are compiled$/).length < times) await new Promise(setImmediate)
}

describe('operations that clients are known to send', () => {
  test('are compiled before anybody sends them, each of a document with several too', async () => {
    await open({ operations: { operations: [GAME, RENAME, TWO] } })
    await warmedUp()
    expect([await compilations(), await figure('courtside_gateway_compiled_operations ')]).toEqual([4, 4])
    expect(await figure('courtside_gateway_compiled_operations_bytes')).toBeGreaterThan(4 * 5_000)

    const { data } = await fixture.post({ documentId: GAME.id, variables: { id: '7' } })
    expect(data).toEqual({ game: { title: 'Game 7', mvp: { name: 'Name of mvp-of-7', points: 8 } } })
    await fixture.graphql(RENAME.body, { variables: { text: 'x' } })
    for (const operationName of ['Games', 'Users']) await fixture.graphql(TWO.body, { operationName })
    expect(await compilations()).toBe(4)

    await fixture.graphql(`${GAME.body} # not listed`, { variables: { id: '7' } })
    expect(await compilations()).toBe(5)
  })

  test('ask no subgraph while they are compiled', async () => {
    await open({ operations: { operations: [GAME, RENAME] } })
    await warmedUp()
    expect(await figure('courtside_gateway_subgraph_call_duration_seconds_count')).toBe(0)
  })

  test('that do not run here are warned of by their name, and keep neither the others nor the gateway', async () => {
    const operations = [OF_ANOTHER_GRAPH, NO_DOCUMENT, TOO_DEEP, GAME]
    await open({ operations: { operations } })
    await warmedUp()
    const warned = fixture.log.lines.filter(({ level }) => level === 'warn' || level === 'error')
    expect(warned.map(({ level, fields, message }) => [level, fields['operation'], message])).toEqual(
      ['Other', 'Broken', 'Deep'].map((name) => [
        'warn',
        name,
        'A listed operation does not run on this graph',
      ]),
    )
    expect(await compilations()).toBe(1)
    const { status, errors } = await fixture.post({ documentId: OF_ANOTHER_GRAPH.id })
    expect([status, errors[0]?.extensions.code]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED'])
    expect((await fixture.post({ documentId: GAME.id, variables: { id: '1' } })).errors).toEqual([])
  })

  test('that ask for the schema alone need no plan, and run', async () => {
    await open({ operations: { operations: [ABOUT_SCHEMA] } })
    await warmedUp()
    expect(await compilations()).toBe(0)
    expect((await fixture.post({ documentId: ABOUT_SCHEMA.id })).errors).toEqual([])
    expect(said(/listed operation (cannot|does not)/)).toEqual([])
  })

  test('are compiled again for a new graph, before it is asked', async () => {
    await open({ operations: { operations: [GAME] } })
    await warmedUp()
    await fixture.replaceSupergraph(SUPERGRAPH.replace('title: String!', 'title: String! subtitle: String'))
    await warmedUp(2)
    expect(await compilations()).toBe(2)
    await fixture.post({ documentId: GAME.id, variables: { id: '1' } })
    expect(await compilations()).toBe(2)
  })

  test('are compiled no further when the gateway is stopped', async () => {
    const operations = Array.from({ length: 200 }, (_, n) =>
      listed(`Many${n}`, `query Many${n} { games { id } }`),
    )
    const stopping = await openGateway('http', { operations: { operations } })
    await stopping.stop()
    const compiled = () =>
      stopping.log.lines.find(({ message }) => message === 'Listed operations are compiled')
    while (!compiled()) await new Promise(setImmediate)
    expect(compiled()?.fields['compiled']).toBeLessThan(200)
  })

  test('let others pass meanwhile: who asks does not wait until all are compiled', async () => {
    const operations = Array.from({ length: 200 }, (_, n) =>
      listed(`Many${n}`, `query Many${n} { game(id: "${n}") { title mvp { name points } } }`),
    )
    await open({ operations: { operations } })
    expect((await fixture.graphql('{ echo(text: "first") }')).data).toEqual({ echo: 'first' })
    expect(said(/^Listed operations are compiled$/)).toEqual([])
    await warmedUp()
    expect(await compilations()).toBe(201)
  })
})
