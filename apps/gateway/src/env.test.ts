import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { generateIdentityKeys } from '@courtside/auth'
import { StartupError } from '@courtside/kernel'
import { readGatewayEnv, readSubgraphUrls } from './env.ts'
import { loadIdentityKey } from './identity-key.ts'

describe('the environment of a gateway', () => {
  test('needs nothing while developing', () => {
    expect(readGatewayEnv({})).toEqual({
      NODE_ENV: 'development',
      HOST: '127.0.0.1',
      PORT: 4000,
      EXTERNAL_ISSUERS: [],
      TRUST_PROXY: false,
      DRAIN_NOTICE_SECONDS: 0,
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

describe('the identity key', () => {
  test('is the text itself, or in the file it names', async () => {
    const { privateKey } = await generateIdentityKeys()
    const text = JSON.stringify(privateKey)
    const folder = await mkdtemp(path.join(tmpdir(), 'courtside-key-'))
    const file = path.join(folder, 'key.json')
    await writeFile(file, text)
    expect(await loadIdentityKey(text, folder)).toEqual(privateKey)
    expect(await loadIdentityKey(file, folder)).toEqual(privateKey)
    await rm(folder, { recursive: true })
  })

  test('is the one of the workspace when none is given', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'courtside-key-'))
    expect(await loadIdentityKey(undefined, folder)).toEqual(await loadIdentityKey(undefined, folder))
    await rm(folder, { recursive: true })
  })

  test('must be a private key', async () => {
    const { publicKey } = await generateIdentityKeys()
    for (const wrong of [JSON.stringify(publicKey), '{', '{}', '/nowhere/key.json']) {
      await expect(loadIdentityKey(wrong, '/nowhere')).rejects.toThrow(StartupError)
    }
  })
})
