import { type ClientRequest, request as httpRequest } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { openScriptedGraph, type ScriptedGraph, scoresWell, seenBy } from './fixtures/scripted-graph.ts'
import { type Asked, json, silence } from './fixtures/scripted-subgraph.ts'

/** Three fetches, each of which needs the one before: the game, what the crowd sees of it, and its stand. */
const HOPS = '{ game(id: "1") { title stand { name } } }'

describe.each([
  ['fast', false],
  ['slow', true],
])('in the %s lane, a client that leaves', (_, slowOnly) => {
  let graph: ScriptedGraph
  beforeEach(async () => {
    // A slow machine is no complaint.
    graph = await openScriptedGraph({ slowOnly, slowRequestMs: 60_000 })
  })
  afterEach(() => graph.stop())

  /** A client of its own connection, and what it is answered; null when it has left. */
  const send = (query: string): { client: ClientRequest; answer: Promise<unknown> } => {
    const client = httpRequest(`${graph.gateway.url}/graphql`, {
      method: 'POST',
      agent: false,
      headers: { 'content-type': 'application/json', 'user-agent': 'One' },
    })
    const answer = new Promise<unknown>((resolve) => {
      client.on('error', () => resolve(null))
      client.on('response', (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())))
      })
    })
    client.end(JSON.stringify({ query }))
    return { client, answer }
  }
  const until = async (condition: () => Promise<boolean>) => {
    while (!(await condition())) await new Promise(setImmediate)
  }
  const abandoned = () =>
    graph.figure('courtside_gateway_requests_total', 'type="query"', 'outcome="abandoned"')
  const joined = () => graph.figure('courtside_gateway_shared_executions_total')
  const inFlight = () => graph.figure('courtside_gateway_subgraph_calls_in_flight')
  const outcomes = () =>
    graph.gateway.log.lines.flatMap(({ fields }) => ('outcome' in fields ? [fields['outcome']] : []))
  const complaints = () =>
    graph.gateway.log.lines.filter(({ level }) => level === 'error' || level === 'warn')

  test('while the first fetch is under way ends it at its socket, and no other follows', async () => {
    graph.scores.reply(silence)
    const { client } = send(HOPS)
    const { left } = await graph.scores.next()
    client.destroy()
    await left
    await until(async () => (await abandoned()) === 1)
    expect(outcomes()).toEqual(['abandoned'])
    expect(await inFlight()).toBe(0)
    expect([graph.scores.asked.length, graph.crowd.asked.length]).toEqual([1, 0])
    expect(complaints()).toEqual([])
  })

  test('between two fetches ends the one under way, and the third is not sent', async () => {
    graph.crowd.reply(silence)
    const { client } = send(HOPS)
    const { left } = await graph.crowd.next()
    client.destroy()
    await left
    await until(async () => (await abandoned()) === 1)
    expect(graph.scores.asked).toHaveLength(1)
    expect(complaints()).toEqual([])
  })

  test('while a subgraph is in the middle of its answer ends that too', async () => {
    graph.scores.reply(({ response }) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"data":{"game":')
    })
    const { client } = send(HOPS)
    const { left } = await graph.scores.next()
    client.destroy()
    await left
    await until(async () => (await abandoned()) === 1)
    expect(graph.crowd.asked).toEqual([])
  })

  test('has proved nothing about the subgraph: it is asked by the next, and was never held to be down', async () => {
    graph.scores.reply(silence)
    for (let count = 0; count < 25; count += 1) {
      const { client } = send(HOPS)
      const { left } = await graph.scores.next()
      client.destroy()
      await left
    }
    graph.scores.reply(scoresWell)
    expect(await send(HOPS).answer).toEqual({
      data: { game: { title: 'Final', stand: { name: 'Stand north' } } },
    })
    expect(complaints()).toEqual([])
  })

  test.each([
    ['of nobody in particular', 'shared'],
    ['of its own', 'unhinted'],
  ])('leaves others to wait for the same answer %s, which goes on for them', async (__, field) => {
    const { held, answer } = await shared(`{ ${field} }`, 3, 2)
    json({ data: { [field]: 'for who stayed' } })(held)
    expect(await answer).toEqual({ data: { [field]: 'for who stayed' } })
    expect(graph.scores.asked).toHaveLength(1)
  })

  test.each(['{ shared }', '{ unhinted }'])(
    'as the last of those who wait for %s ends the work',
    async (query) => {
      const { held } = await shared(query, 3, 3)
      await held.left
      await until(async () => (await abandoned()) === 3)
      expect(await inFlight()).toBe(0)
    },
  )

  test('as the last is not joined by who comes next: the work begins anew', async () => {
    const { held } = await shared('{ shared }', 2, 2)
    await held.left
    graph.scores.reply(scoresWell)
    expect(await send('{ shared }').answer).toEqual({ data: { shared: 'all' } })
    expect(graph.scores.asked).toHaveLength(2)
  })

  test('in the middle of a plan leaves its other fetches to who shares it', async () => {
    graph.crowd.reply(silence)
    const first = send(HOPS)
    const held = await graph.crowd.next()
    const second = send(HOPS)
    await until(async () => (await joined()) === 1)
    first.client.destroy()
    await until(async () => (await abandoned()) === 1)
    json({ data: { _entities: [seenBy] } })(held)
    expect(await second.answer).toEqual({
      data: { game: { title: 'Final', stand: { name: 'Stand north' } } },
    })
    expect([graph.scores.asked.length, graph.crowd.asked.length]).toEqual([2, 1])
  })

  test('takes back no mutation, which is carried through', async () => {
    graph.scores.reply(silence)
    const { client } = send('mutation { start(id: "1") { title stand { name } } }')
    const held = await graph.scores.next()
    client.destroy()
    await until(async () => graph.gateway.log.lines.some(({ fields }) => fields['outcome'] === 'abandoned'))
    graph.scores.reply(scoresWell)
    json({ data: { start: { __typename: 'Game', id: '1', title: 'Final' } } })(held)
    await graph.crowd.next()
    await until(async () => graph.scores.asked.length === 2)
    expect(complaints()).toEqual([])
  })

  /** So many ask for the same, of whom the first `leaving` go; what the subgraph was asked, and the last one's answer. */
  async function shared(
    query: string,
    asking: number,
    leaving: number,
  ): Promise<{ held: Asked; answer: Promise<unknown> | undefined }> {
    graph.scores.reply(silence)
    const clients = [send(query)]
    const held = await graph.scores.next()
    for (let count = 1; count < asking; count += 1) clients.push(send(query))
    await until(async () => (await joined()) === asking - 1)
    for (const { client } of clients.slice(0, leaving)) client.destroy()
    await until(async () => (await abandoned()) === leaving)
    return { held, answer: clients.at(-1)?.answer }
  }
})
