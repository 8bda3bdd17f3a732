import { beforeAll, describe, expect, test } from '@jest/globals'
import { importJWK, SignJWT, UnsecuredJWT } from 'jose'
import {
  anonymous,
  createIdentitySigner,
  createIdentityVerifier,
  generateIdentityKeys,
  type IdentityKeys,
  type Principal,
} from './index.ts'

const viewer: Principal = {
  ...anonymous,
  kind: 'user',
  userId: '0190a0b0-0000-7000-8000-000000000001',
  sessionId: '0190a0b0-0000-7000-8000-000000000002',
  roles: ['viewer'],
  scopes: ['write:chat'],
}

let keys: IdentityKeys
beforeAll(async () => {
  keys = await generateIdentityKeys()
})

function clockAt(start: string) {
  let at = new Date(start)
  return { now: () => at, forward: (seconds: number) => (at = new Date(at.getTime() + seconds * 1000)) }
}

describe('an identity assertion', () => {
  test('carries the principal to the subgraph it was made for', async () => {
    const signer = await createIdentitySigner(keys.privateKey)
    const verifier = await createIdentityVerifier(keys.publicKey, 'stats')
    expect(await verifier.verify(await signer.assertionFor(viewer, 'stats'))).toEqual(viewer)
    expect(await verifier.verify(await signer.assertionFor(anonymous, 'stats'))).toEqual(anonymous)
  })

  test('is worth nothing at another subgraph', async () => {
    const signer = await createIdentitySigner(keys.privateKey)
    const verifier = await createIdentityVerifier(keys.publicKey, 'stats')
    await expect(verifier.verify(await signer.assertionFor(viewer, 'accounts'))).rejects.toThrow(
      /gateway only/,
    )
  })

  test('is signed once a half minute, and expires after a minute even where it was remembered', async () => {
    const clock = clockAt('2026-11-20T12:00:00Z')
    const signer = await createIdentitySigner(keys.privateKey, clock)
    const verifier = await createIdentityVerifier(keys.publicKey, 'stats', clock)
    const first = await signer.assertionFor(viewer, 'stats')
    clock.forward(29)
    expect(await signer.assertionFor(viewer, 'stats')).toBe(first)
    clock.forward(2)
    expect(await signer.assertionFor(viewer, 'stats')).not.toBe(first)
    expect(await verifier.verify(first)).toEqual(viewer)
    clock.forward(40)
    await expect(verifier.verify(first)).rejects.toThrow(/gateway only/)
  })

  test('that is at hand is given without waiting, for as long as it is fresh', async () => {
    const clock = clockAt('2026-11-20T12:00:00Z')
    const signer = await createIdentitySigner(keys.privateKey, clock)
    expect(signer.cachedAssertionFor(viewer, 'stats')).toBeNull()
    const made = await signer.assertionFor(viewer, 'stats')
    expect(signer.cachedAssertionFor(viewer, 'stats')).toBe(made)
    expect(signer.cachedAssertionFor(viewer, 'accounts')).toBeNull()
    expect(signer.cachedAssertionFor(anonymous, 'stats')).toBeNull()
    clock.forward(31)
    expect(signer.cachedAssertionFor(viewer, 'stats')).toBeNull()
  })

  test('that was verified is known without waiting, until it expires', async () => {
    const clock = clockAt('2026-11-20T12:00:00Z')
    const signer = await createIdentitySigner(keys.privateKey, clock)
    const verifier = await createIdentityVerifier(keys.publicKey, 'stats', clock)
    const assertion = await signer.assertionFor(viewer, 'stats')
    expect(verifier.verifiedBefore(assertion)).toBeNull()
    await verifier.verify(assertion)
    expect(verifier.verifiedBefore(assertion)).toEqual(viewer)
    expect(verifier.verifiedBefore(undefined)).toBeNull()
    const elsewhere = await signer.assertionFor(viewer, 'accounts')
    await expect(verifier.verify(elsewhere)).rejects.toThrow(/gateway only/)
    expect(verifier.verifiedBefore(elsewhere)).toBeNull()
    clock.forward(61)
    expect(verifier.verifiedBefore(assertion)).toBeNull()
  })

  test('cannot be forged', async () => {
    const verifier = await createIdentityVerifier(keys.publicKey, 'stats')
    const stranger = await generateIdentityKeys()
    const claims = { principal: { ...viewer, roles: ['admin'] } }
    const forged = (alg: string, typ: string) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg, typ })
        .setIssuer('courtside-gateway')
        .setAudience('stats')
        .setIssuedAt()
        .setExpirationTime('1m')
    const attempts: [string, string | undefined][] = [
      ['nothing', undefined],
      ['no token at all', 'admin'],
      [
        'alg none',
        new UnsecuredJWT(claims)
          .setIssuer('courtside-gateway')
          .setAudience('stats')
          .setIssuedAt()
          .setExpirationTime('1m')
          .encode(),
      ],
      [
        'another key',
        await forged('EdDSA', 'courtside-identity+jwt').sign(await importJWK(stranger.privateKey, 'EdDSA')),
      ],
      [
        'the public key as a shared secret',
        await forged('HS256', 'courtside-identity+jwt').sign(
          new TextEncoder().encode(JSON.stringify(keys.publicKey)),
        ),
      ],
      [
        'a token made for something else',
        await forged('EdDSA', 'at+jwt').sign(await importJWK(keys.privateKey, 'EdDSA')),
      ],
    ]
    for (const [attempt, token] of attempts) {
      await expect(verifier.verify(token).then(() => attempt)).rejects.toMatchObject({
        code: 'UNAUTHENTICATED',
      })
    }
  })
})
