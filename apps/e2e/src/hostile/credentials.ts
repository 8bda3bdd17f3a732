import { createHmac } from 'node:crypto'
import {
  createIdentitySigner,
  generateIdentityKeys,
  IDENTITY_HEADER,
  servicePrincipal,
} from '@courtside/auth'
import { exportSPKI, generateKeyPair, importJWK } from 'jose'
import { type Attack, post, send, type Target } from './attack.ts'
import type { TokenClaims } from './issuer.ts'

/** Needs nobody to be signed in, so that a bad credential cannot hide behind a missing one. */
const OPEN = { query: '{ roles { role } }' }
const REFUSED = '401 UNAUTHENTICATED'

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(String(token.split('.')[1]), 'base64url').toString()) as Record<string, unknown>

const token = (name: string, make: (target: Target) => string | Promise<string>): Attack => ({
  name,
  refusal: REFUSED,
  send: async (target) => post(target, OPEN, { authorization: `Bearer ${await make(target)}` }),
})
const issued = (name: string, claims: TokenClaims): Attack => token(name, ({ issuer }) => issuer.sign(claims))
const headers = (name: string, given: Record<string, string>): Attack => ({
  name,
  refusal: REFUSED,
  send: (target) => post(target, OPEN, given),
})

const forgedClaims = ({ issuer }: Target) => {
  const now = Math.floor(Date.now() / 1000)
  return { iss: issuer.name, aud: 'courtside-e2e', azp: 'https://app.example', sub: 'admin', exp: now + 60 }
}

/** Credentials that are not what they say. */
export const CREDENTIALS: readonly Attack[] = [
  headers('a scheme that is not ours', { authorization: 'Basic YWRtaW46YWRtaW4=' }),
  headers('a scheme without a token', { authorization: 'Bearer' }),
  headers('two tokens', { authorization: 'Bearer a.b.c d.e.f' }),
  headers('a token and a key', { authorization: 'Bearer a.b.c', 'x-api-key': `csn_live_${'x'.repeat(40)}` }),
  headers('a key that nobody was given', { 'x-api-key': `csn_live_${'x'.repeat(40)}` }),
  headers('a key of another house', { 'x-api-key': 'sk_live_51H8xYz' }),
  headers('a key with SQL in it', { 'x-api-key': "csn_live_' OR 1=1 --" }),
  token('nonsense', () => 'nonsense'),
  token('three dots', () => '...'),
  token('no claims', () => `${part({ alg: 'EdDSA', kid: 'x' })}.${part({})}.x`),
  token('alg none', (target) => `${part({ alg: 'none', kid: 'e2e' })}.${part(forgedClaims(target))}.`),
  token(
    'alg none, with capitals',
    (target) => `${part({ alg: 'nOnE', kid: 'e2e' })}.${part(forgedClaims(target))}.`,
  ),
  token('HS256 with the public key for a secret', async (target) => {
    const key = await importJWK(target.issuer.publicKey, 'RS256', { extractable: true })
    if (key instanceof Uint8Array) throw new Error('The public key is none')
    const signed = `${part({ alg: 'HS256', kid: 'e2e' })}.${part(forgedClaims(target))}`
    return `${signed}.${createHmac('sha256', await exportSPKI(key))
      .update(signed)
      .digest('base64url')}`
  }),
  token('the same name of key, but another key', async ({ issuer }) =>
    issuer.sign({ key: (await generateKeyPair('RS256')).privateKey }),
  ),
  issued('a key that the issuer does not have', { kid: 'unknown' }),
  issued('a key whose name is a path', { kid: '../../../../dev/null' }),
  issued('a key whose name is SQL', { kid: "' UNION SELECT 'secret" }),
  issued('another issuer', { issuer: 'https://evil.example' }),
  issued('our own issuer, by the key of another', { issuer: 'courtside' }),
  issued('another audience', { audience: 'elsewhere' }),
  issued('another application', { authorizedParty: 'https://evil.example' }),
  issued('expired', { expiresIn: -10 }),
  issued('not valid yet', { notBeforeIn: 10 }),
  issued('a subject with NUL', { subject: 'admin\0' }),
  token('a good token with other claims', ({ viewer }) => {
    const [header, , signature] = viewer.accessToken.split('.')
    return `${header}.${part({ ...claimsOf(viewer.accessToken), sub: '00000000-0000-7000-8000-000000000000' })}.${signature}`
  }),
  token('a good token that lives longer', ({ viewer }) => {
    const [header, , signature] = viewer.accessToken.split('.')
    return `${header}.${part({ ...claimsOf(viewer.accessToken), exp: 9_999_999_999 })}.${signature}`
  }),
  token('a good token without its signature', ({ viewer }) => viewer.accessToken.replace(/[^.]+$/, '')),
  token('a token that brings its own key', async (target) => {
    const header = { alg: 'RS256', kid: 'own', jwk: target.issuer.publicKey, jku: target.issuer.jwksUrl }
    const [, claims, signature] = (await target.issuer.sign({ issuer: 'courtside' })).split('.')
    return `${part(header)}.${claims}.${signature}`
  }),
  token('an assertion as the gateway makes them', async () => {
    const signer = await createIdentitySigner((await generateIdentityKeys()).privateKey)
    return signer.assertionFor(servicePrincipal('gateway', ['resolve:identity']), 'accounts')
  }),
]

const AUDIT = { query: '{ accountsAuditLog(first: 1) { totalCount } }' }
const forgedIdentity = {
  [IDENTITY_HEADER]: part({ principal: { kind: 'service', roles: ['admin'], scopes: ['read:audit'] } }),
  'x-courtside-principal': 'admin',
  'x-user-id': '1',
}

const asViewer = (name: string, query: string): Attack => ({
  name,
  refusal: '403 FORBIDDEN',
  send: (target) => post(target, { query }, { authorization: `Bearer ${target.viewer.accessToken}` }),
})
const asNobody = (name: string, query: string): Attack => ({
  name,
  refusal: REFUSED,
  send: (target) => post(target, { query }),
})
const direct = (
  name: string,
  query: string,
  make: (target: Target) => Promise<Record<string, string>>,
): Attack => ({
  name: `straight to a subgraph: ${name}`,
  refusal: REFUSED,
  direct: true,
  async send(target) {
    const headers = { 'content-type': 'application/json', ...(await make(target)) }
    return send(`${target.subgraphUrl('accounts')}/graphql`, 'POST', headers, JSON.stringify({ query }))
  },
})

/** Ways around the rules on who may see what. */
export const ACCESS: readonly Attack[] = [
  {
    name: 'an identity of one’s own making',
    refusal: REFUSED,
    send: (target) => post(target, AUDIT, forgedIdentity),
  },
  asNobody('a protected field', AUDIT.query),
  asNobody('a protected field by another name', '{ innocent: accounts(first: 1) { totalCount } }'),
  asNobody(
    'a protected field in a fragment in a fragment',
    '{ ...F } fragment F on Query { ... { ...G } } fragment G on Query { accounts(first: 1) { totalCount } }',
  ),
  asNobody(
    'a protected field that might be skipped',
    'query ($no: Boolean = true) { accounts(first: 1) @skip(if: $no) { totalCount } }',
  ),
  asNobody(
    'a protected mutation',
    'mutation { grantRole(input: { userId: "x", role: ADMIN }) { __typename } }',
  ),
  asNobody(
    'a protected mutation behind an open one',
    'mutation { signOut(input: {}) { __typename } createApiKey(input: { name: "x", ownerId: "x", scopes: [], requestsPerMinute: 1 }) { key } }',
  ),
  asViewer('somebody’s account', '{ accounts(first: 1) { totalCount } }'),
  asViewer('the log of who did what', AUDIT.query),
  asViewer(
    'the role of an administrator',
    'mutation { grantRole(input: { userId: "x", role: ADMIN }) { __typename } }',
  ),
  direct('with nothing', '{ roles { role } }', async () => ({})),
  direct('with an identity that nobody signed', AUDIT.query, async () => forgedIdentity),
  direct('with an identity signed by another', '{ resolveCredential(input: {}) { kind } }', async () => {
    const signer = await createIdentitySigner((await generateIdentityKeys()).privateKey)
    const principal = servicePrincipal('gateway', ['resolve:identity'])
    return { [IDENTITY_HEADER]: await signer.assertionFor(principal, 'accounts') }
  }),
  direct('with a person’s own token', '{ me { email } }', async ({ viewer }) => ({
    authorization: `Bearer ${viewer.accessToken}`,
    [IDENTITY_HEADER]: viewer.accessToken,
  })),
  direct('for its SDL', '{ _service { sdl } }', async () => ({})),
  direct('for its schema', '{ __schema { types { name } } }', async () => ({})),
]
