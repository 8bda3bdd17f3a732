const DAY_MS = 24 * 60 * 60 * 1000

/** How long a key signs. */
const SIGNS_FOR_MS = 30 * DAY_MS
/** How long a key is known before it signs, so that everybody who checks tokens has it by then. */
const ANNOUNCED_FOR_MS = DAY_MS
/** How long a key is kept after its last token has ended: for clocks that differ, and answers that were cached. */
const KEPT_FOR_MS = 60 * 60 * 1000

export interface KeyTimes {
  id: string
  signsFrom: Date
  verifiesUntil: Date
}

/** What has to be done to the keys; null when all is well. */
export type Step =
  /** There is none to sign with: make one that signs at once. */
  | { kind: 'begin'; signsFrom: Date; verifiesUntil: Date }
  /** The newest will have signed long enough: make the next, and let the newest verify until its tokens have ended. */
  | {
      kind: 'succeed'
      predecessor: string
      predecessorVerifiesUntil: Date
      signsFrom: Date
      verifiesUntil: Date
    }

/** `keys` are those whose private part this process can read. */
export function nextStep(keys: readonly KeyTimes[], now: Date, tokenLifetimeMs: number): Step | null {
  if (!signingKeyAt(keys, now))
    return { kind: 'begin', signsFrom: now, verifiesUntil: endOf(now, tokenLifetimeMs) }
  const newest = keys.reduce((a, b) => (b.signsFrom > a.signsFrom ? b : a))
  const due = newest.signsFrom.getTime() + SIGNS_FOR_MS
  if (now.getTime() < due - ANNOUNCED_FOR_MS) return null
  // After a long standstill the time is past; the next key is announced all the same, and the old one signs on.
  const signsFrom = new Date(Math.max(due, now.getTime() + ANNOUNCED_FOR_MS))
  return {
    kind: 'succeed',
    predecessor: newest.id,
    predecessorVerifiesUntil: new Date(signsFrom.getTime() + tokenLifetimeMs + KEPT_FOR_MS),
    signsFrom,
    verifiesUntil: endOf(signsFrom, tokenLifetimeMs),
  }
}

/** The key that signs: the newest whose time has come. */
export function signingKeyAt<Key extends KeyTimes>(keys: readonly Key[], now: Date): Key | undefined {
  return keys
    .filter((key) => key.signsFrom <= now && key.verifiesUntil > now)
    .reduce<Key | undefined>((a, b) => (a && a.signsFrom > b.signsFrom ? a : b), undefined)
}

/** Until when a key verifies, as long as no successor says more exactly. */
function endOf(signsFrom: Date, tokenLifetimeMs: number): Date {
  return new Date(signsFrom.getTime() + SIGNS_FOR_MS + ANNOUNCED_FOR_MS + tokenLifetimeMs + KEPT_FOR_MS)
}
