import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { crowdWell, openScriptedGraph, type ScriptedGraph } from './fixtures/scripted-graph.ts'
import { json } from './fixtures/scripted-subgraph.ts'

const QUESTION = '{ game(id: "1") { title seats mood names stand { id name } } weather }'

/** Names that mean something in an answer, in the schema, or in every object. */
const anyName = fc.constantFrom(
  ...['data', 'errors', 'message', 'path', 'extensions', 'code', '_entities', '__typename', '@'],
  ...['game', 'weather', 'id', 'title', 'seats', 'mood', 'names', 'stand', 'name'],
  ...['__proto__', 'constructor', 'toString', 'length'],
)
const anyLeaf = fc.constantFrom<unknown>(
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e300,
  '',
  'LOUD',
  'Game',
  '__proto__',
)
const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium' },
    anyLeaf,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(anyName, tie('value'), { maxKeys: 5 }),
  ),
}))
const anyEntity = fc.record(
  {
    __typename: fc.constantFrom('Game', 'Game', 'Game', 'Stand', 'Vault', 5),
    seats: anyValue,
    mood: anyValue,
    names: anyValue,
    stand: anyValue,
  },
  { requiredKeys: [] },
)
const anyError = fc.record(
  {
    message: fc.constantFrom('boom', '', 'at http://vault.invalid/'),
    path: fc.oneof(anyValue, fc.array(fc.oneof(anyName, fc.integer({ min: -2, max: 3 }), anyValue))),
    extensions: fc.oneof(
      anyValue,
      fc.record({ code: anyLeaf, errorId: anyLeaf, serviceName: anyLeaf }, { requiredKeys: [] }),
    ),
  },
  { requiredKeys: ['message'] },
)
/** In the outline it is an answer, so that nobody stops asking; all within is whatever comes. */
const anyAnswer = fc.record(
  {
    data: fc.record(
      { weather: anyValue, _entities: fc.oneof(anyValue, fc.tuple(anyEntity)) },
      { requiredKeys: [] },
    ),
    errors: fc.array(anyError, { maxLength: 3 }),
  },
  { requiredKeys: ['data'] },
)

describe.each([
  ['fast', false],
  ['slow', true],
])('whatever a subgraph answers, in the %s lane', (_, slowOnly) => {
  let graph: ScriptedGraph
  beforeAll(async () => {
    graph = await openScriptedGraph({ slowOnly })
  })
  afterAll(() => graph.stop())

  test('is told to the client in the form of an answer, with what is well-formed of it', async () => {
    let answered = 0
    await fc.assert(
      fc.asyncProperty(anyAnswer, async (garbage) => {
        graph.crowd.reply(json(garbage))
        const { status, data, errors } = await graph.gateway.graphql<object | null>(QUESTION)
        expect(status).toBe(200)
        if (data) answered += 1
        else expect(errors.length).toBeGreaterThan(0)
        if (data) expect(Object.keys(data)).toEqual(['game', 'weather'])
        for (const { message, path = [], extensions } of errors) {
          expect([typeof message, typeof extensions.code]).toEqual(['string', 'string'])
          expect(extensions).not.toHaveProperty('serviceName')
          expect(path.filter((step) => typeof step !== 'string' && !Number.isInteger(step))).toEqual([])
        }
      }),
      { numRuns: 400 },
    )
    expect(answered).toBeGreaterThan(100)
    graph.crowd.reply(crowdWell)
    expect((await graph.gateway.graphql(QUESTION)).errors).toEqual([])
  })
})
