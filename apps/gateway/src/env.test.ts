import { describe, expect, test } from '@jest/globals'
import { readGatewayEnv, readSubgraphUrls } from './env.ts'

describe('the environment of a gateway', () => {
  test('needs nothing while developing', () => {
    expect(readGatewayEnv({})).toEqual({
      NODE_ENV: 'development',
      HOST: '127.0.0.1',
      PORT: 4000,
      EXTERNAL_ISSUERS: [],
      TRUST_PROXY: false,
      SAFELIST: 'off',
      QUERY_LANE: 'compiled',
      TRACE_SAMPLE_RATE: 0.01,
      DRAIN_NOTICE_SECONDS: 0,
      SUBGRAPH_DEADLINE_SECONDS: 10,
      REQUEST_DEADLINE_SECONDS: 20,
    })
  })

  test('needs a key in production', () => {
    expect(() => readGatewayEnv({ NODE_ENV: 'production' })).toThrow(/IDENTITY_PRIVATE_KEY is not set/)
  })

  test('takes issuers and origins', () => {
    const issuers = [
      {
        issuer: 'https://clerk.example',
        jwksUrl: 'https://clerk.example/jwks',
        authorizedParties: ['https://app.example'],
      },
    ]
    const env = readGatewayEnv({
      EXTERNAL_ISSUERS: JSON.stringify(issuers),
      CORS_ORIGINS: 'https://app.example, https://tv.example:8443',
    })
    expect(env.EXTERNAL_ISSUERS).toEqual(issuers)
    expect(env.CORS_ORIGINS).toEqual(['https://app.example', 'https://tv.example:8443'])
  })

  test.each([
    [{ NODE_ENV: 'productoin' }, /NODE_ENV: expected development, test or production/],
    [
      { EXTERNAL_ISSUERS: '[{"issuer":"https://x","jwksUrl":"https://x"}]' },
      /EXTERNAL_ISSUERS: expected.*each with audiences or authorizedParties/,
    ],
    [
      { EXTERNAL_ISSUERS: '[{"issuer":"courtside","jwksUrl":"https://x","audiences":["y"]}]' },
      /EXTERNAL_ISSUERS: expected/,
    ],
    [{ EXTERNAL_ISSUERS: '{' }, /EXTERNAL_ISSUERS: expected a JSON list/],
    [{ EXTERNAL_ISSUERS: '[{"issuer":"x"}]' }, /EXTERNAL_ISSUERS: expected a JSON list/],
    [
      { EXTERNAL_ISSUERS: '[{"issuer":"x","jwksUrl":"https://x","azp":[]}]' },
      /EXTERNAL_ISSUERS: expected a JSON list/,
    ],
    [{ CORS_ORIGINS: 'https://app.example/' }, /CORS_ORIGINS: expected origins/],
    [{ CORS_ORIGINS: '*' }, /CORS_ORIGINS: expected origins/],
    [{ CORS_ORIGINS: 'null' }, /CORS_ORIGINS: expected origins/],
  ])('refuses %j', (environment, message) => {
    expect(() => readGatewayEnv(environment)).toThrow(message)
  })

  test('says where each subgraph is, and in production names those that are missing', () => {
    const composed = new Map([
      ['accounts', 'http://127.0.0.1:4001/graphql'],
      ['ai-chat', 'http://127.0.0.1:4006/graphql'],
    ])
    const environment = { AI_CHAT_URL: 'http://ai:4006' }
    expect(readSubgraphUrls(composed, environment)).toEqual(
      new Map([
        ['accounts', 'http://127.0.0.1:4001/graphql'],
        ['ai-chat', 'http://ai:4006'],
      ]),
    )
    expect(() => readSubgraphUrls(composed, { NODE_ENV: 'production', ACCOUNTS_URL: 'x' })).toThrow(
      /ACCOUNTS_URL: expected[^]*AI_CHAT_URL is not set/,
    )
  })
})
