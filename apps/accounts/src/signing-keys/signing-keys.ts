import { systemActor } from '@courtside/database'
import type { Clock } from '@courtside/kernel'
import type { Logger } from '@courtside/logger'
import { calculateJwkThumbprint, type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import { lockName } from '../advisory-lock.ts'
import type { Database, Tx } from '../db.ts'
import { seal, unseal } from './sealed-box.ts'
import { type KeyTimes, nextStep, signingKeyAt, type Step } from './signing-key.policy.ts'
import { signingKeyRepository, type StoredKey } from './signing-key.repository.ts'

export interface SigningKeysDependencies {
  db: Database
  /** Seals the private parts. Under another one the keys still verify; the next token makes a new key. */
  sealKey: Uint8Array
  clock: Clock
  log: Logger
  tokenLifetimeMs: number
}

export interface SigningKeys {
  /** The key that signs now. Makes the first one, and the next when its time has come. */
  current(): Promise<{ kid: string; privateKey: CryptoKey | Uint8Array }>
  /** Every key a token may still be signed with, and the one announced. */
  published(): Promise<readonly JWK[]>
}

interface UsableKey extends KeyTimes {
  privateKey: CryptoKey | Uint8Array
}

/** How long a process may not know of a key that another one made: far less than it is announced for. */
const REREAD_AFTER_MS = 60_000
const ALGORITHM = 'EdDSA'

export function createSigningKeys({
  db,
  sealKey,
  clock,
  log,
  tokenLifetimeMs,
}: SigningKeysDependencies): SigningKeys {
  let known: { at: number; keys: Promise<readonly UsableKey[]> } | null = null

  const usableKeys = async (stored: readonly StoredKey[]): Promise<UsableKey[]> => {
    const opened = stored.map(async ({ id, signsFrom, verifiesUntil, sealedPrivateKey }) => {
      const jwk = unseal(sealedPrivateKey, sealKey, id)
      if (jwk === null) return []
      return [
        { id, signsFrom, verifiesUntil, privateKey: await importJWK(JSON.parse(jwk) as JWK, ALGORITHM) },
      ]
    })
    return (await Promise.all(opened)).flat()
  }

  const carryOut = async (tx: Tx, step: Step): Promise<void> => {
    const pair = await generateKeyPair(ALGORITHM, { extractable: true })
    const jwk = await exportJWK(pair.publicKey)
    const id = await calculateJwkThumbprint(jwk)
    const { signsFrom, verifiesUntil } = step
    await signingKeyRepository.add(tx, {
      id,
      signsFrom,
      verifiesUntil,
      publicJwk: { ...jwk, kid: id, alg: ALGORITHM, use: 'sig' },
      sealedPrivateKey: seal(JSON.stringify(await exportJWK(pair.privateKey)), sealKey, id),
    })
    if (step.kind === 'succeed') {
      await signingKeyRepository.verifyUntil(tx, step.predecessor, step.predecessorVerifiesUntil)
    }
    log.info({ kid: id, signsFrom }, 'A key to sign access tokens was made')
  }

  const readAndRotate = async (): Promise<readonly UsableKey[]> => {
    const now = clock.now()
    const read = async (tx: Tx) => usableKeys(await signingKeyRepository.all(tx))
    const keys = await db.as(systemActor, read)
    if (!nextStep(keys, now, tokenLifetimeMs)) return keys
    return db.as(systemActor, async (tx) => {
      // Of several processes one makes the key; the others find it made.
      await lockName(tx, 'signing-keys')
      const step = nextStep(await read(tx), now, tokenLifetimeMs)
      if (step) await carryOut(tx, step)
      return read(tx)
    })
  }

  /** Needs no timer: whoever signs or asks for the keys looks after them. */
  const keys = (): Promise<readonly UsableKey[]> => {
    const now = clock.now().getTime()
    if (known === null || now - known.at >= REREAD_AFTER_MS) {
      const reading = { at: now, keys: readAndRotate() }
      known = reading
      reading.keys.catch(() => {
        if (known === reading) known = null
      })
    }
    return known.keys
  }

  return {
    async current() {
      const key = signingKeyAt(await keys(), clock.now())
      if (!key) throw new Error('No key to sign with, just after one was made')
      return { kid: key.id, privateKey: key.privateKey }
    },
    async published() {
      await keys()
      const now = clock.now()
      const stored = await db.as(systemActor, (tx) => signingKeyRepository.all(tx))
      return stored.filter((key) => key.verifiesUntil > now).map((key) => key.publicJwk)
    },
  }
}
