import type { JWK } from 'jose'
import type { Tx } from '../db.ts'
import type { KeyTimes } from './signing-key.policy.ts'

export interface StoredKey extends KeyTimes {
  publicJwk: JWK
  sealedPrivateKey: Uint8Array
}

export const signingKeyRepository = {
  async all(tx: Tx): Promise<StoredKey[]> {
    const rows = await tx.signingKey.findMany({ orderBy: { signsFrom: 'asc' } })
    return rows.map(({ id, signsFrom, verifiesUntil, publicJwk, encryptedPrivateKey }) => ({
      id,
      signsFrom,
      verifiesUntil,
      publicJwk: publicJwk as JWK,
      sealedPrivateKey: encryptedPrivateKey,
    }))
  },
  async add(tx: Tx, { publicJwk, sealedPrivateKey, ...key }: StoredKey): Promise<void> {
    const { kty, crv, x, kid, alg, use } = publicJwk
    const encryptedPrivateKey = Uint8Array.from(sealedPrivateKey)
    // Named one by one: no private part can slip into what is published.
    await tx.signingKey.create({
      data: { ...key, publicJwk: { kty, crv, x, kid, alg, use }, encryptedPrivateKey },
    })
  },
  async verifyUntil(tx: Tx, id: string, verifiesUntil: Date): Promise<void> {
    await tx.signingKey.update({ where: { id }, data: { verifiesUntil } })
  },
}
