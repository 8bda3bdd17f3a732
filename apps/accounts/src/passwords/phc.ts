/** What one argon2id hash costs. Kept in each stored hash, so that it can be raised without asking anybody. */
export interface Argon2Cost {
  memoryKib: number
  passes: number
  lanes: number
}

export interface PasswordHash {
  cost: Argon2Cost
  salt: Buffer
  tag: Buffer
}

/** 0x13, the version of argon2 that RFC 9106 describes. */
const VERSION = 19
const PHC =
  /^\$argon2id\$v=(\d+)\$m=(\d{1,8}),t=(\d{1,4}),p=(\d{1,3})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{16,86})$/

/** The PHC string format, which every other implementation of argon2 reads too. */
export function formatPhc({ cost, salt, tag }: PasswordHash): string {
  const parameters = `m=${cost.memoryKib},t=${cost.passes},p=${cost.lanes}`
  return `$argon2id$v=${VERSION}$${parameters}$${unpadded(salt)}$${unpadded(tag)}`
}

/** Null for what is no argon2id hash of the version we compute. */
export function parsePhc(text: string): PasswordHash | null {
  const [, version, memory, passes, lanes, salt, tag] = PHC.exec(text) ?? []
  if (Number(version) !== VERSION || salt === undefined || tag === undefined) return null
  return {
    cost: { memoryKib: Number(memory), passes: Number(passes), lanes: Number(lanes) },
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  }
}

export function isSameCost(a: Argon2Cost, b: Argon2Cost): boolean {
  return a.memoryKib === b.memoryKib && a.passes === b.passes && a.lanes === b.lanes
}

const unpadded = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')
