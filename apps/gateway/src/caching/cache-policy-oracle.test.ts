import { describe, expect, test } from '@jest/globals'
import { ApolloServer, HeaderMap } from '@apollo/server'
import { ApolloServerPluginCacheControl } from '@apollo/server/plugin/cacheControl'
import fc from 'fast-check'
import { cacheControlOf } from './cache-control-header.ts'
import { cachePolicyOf } from './cache-policy.ts'
import { operationIn, rulesOf } from './fixtures/operations.ts'

const DIRECTIVE = `
  enum CacheControlScope { PUBLIC PRIVATE }
  directive @cacheControl(maxAge: Int, scope: CacheControlScope, inheritMaxAge: Boolean)
    on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
`
const TYPES = ['A', 'B', 'C'] as const

const anyHint = fc
  .record({
    maxAge: fc.option(fc.constantFrom(0, 1, 5, 60), { nil: undefined }),
    scope: fc.option(fc.constantFrom('PUBLIC', 'PRIVATE'), { nil: undefined }),
    inheritMaxAge: fc.option(fc.boolean(), { nil: undefined }),
  })
  .map((given) => {
    const written = Object.entries(given).filter(([, value]) => value !== undefined)
    if (written.length === 0) return ''
    return ` @cacheControl(${written.map(([name, value]) => `${name}: ${String(value)}`).join(', ')})`
  })

/** Each type has a scalar and a field of each type, each with a hint of its own or none. */
const anyFields = fc.array(anyHint, { minLength: 4, maxLength: 4 }).map(([scalar, ...objects]) => {
  const fields = TYPES.map((type, index) => `to${type}: ${type}${objects[index]}`)
  return [`name: String${scalar}`, ...fields].join('\n')
})
const anySchema = fc
  .record({
    hints: fc.array(anyHint, { minLength: 3, maxLength: 3 }),
    fields: fc.array(anyFields, { minLength: 4, maxLength: 4 }),
  })
  .map(({ hints, fields }) => {
    const objects = TYPES.map((type, index) => `type ${type}${hints[index]} {\n${fields[index]}\n}`)
    return [`type Query {\n${fields[3]}\n}`, ...objects].join('\n')
  })
const { set: anySelection } = fc.letrec<{ set: string; part: string }>((tie) => ({
  set: fc.array(tie('part'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join(' ')),
  part: fc.oneof(
    { depthSize: 'small' },
    fc.constant('name'),
    fc.tuple(fc.constantFrom(...TYPES), tie('set')).map(([type, inner]) => `to${type} { ${inner} }`),
    tie('set').map((inner) => `... { ${inner} }`),
  ),
}))

async function apolloHeader(sdl: string, text: string): Promise<string | undefined> {
  const resolvers = Object.fromEntries(
    ['Query', ...TYPES].map((type) => [
      type,
      { name: () => 'x', toA: () => ({}), toB: () => ({}), toC: () => ({}) },
    ]),
  )
  const server = new ApolloServer({
    typeDefs: DIRECTIVE + sdl,
    resolvers,
    plugins: [ApolloServerPluginCacheControl()],
    stopOnTerminationSignals: false,
  })
  const { http } = await server.executeOperation({
    query: text,
    http: { method: 'POST', headers: new HeaderMap(), search: '', body: null },
  })
  await server.stop()
  return http.headers.get('cache-control')
}

describe('beside Apollo Server, where nothing is left out and no type is abstract', () => {
  test('the policy is the same', async () => {
    let cacheable = 0
    await fc.assert(
      fc.asyncProperty(anySchema, anySelection, async (sdl, selection) => {
        const text = `{ ${selection} }`
        const { operation, document } = operationIn(text)
        const ours = cachePolicyOf(operation, document, rulesOf(DIRECTIVE + sdl))
        if (ours) cacheable += 1
        const theirs = (await apolloHeader(sdl, text)) ?? ''
        expect(ours === null ? 'no-store' : cacheControlOf(ours, true)).toBe(theirs)
      }),
      { numRuns: 150 },
    )
    expect(cacheable).toBeGreaterThan(15)
  })
})
