import { argon2, type Argon2Parameters, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { createHashQueue } from './hash-queue.ts'
import { normalisePassword } from './password.policy.ts'
import { type Argon2Cost, formatPhc, isSameCost, parsePhc } from './phc.ts'

/** The function at the bottom: `argon2id` of node:crypto, on another thread. */
export type Derive = (parameters: Argon2Parameters) => Promise<Buffer>

export interface PasswordOptions {
  /** Default: 64 MiB, three passes, four lanes; some 150 ms of processor time. */
  cost?: Argon2Cost
  derive?: Derive
  /** Default: 2 hashes at once and 64 that wait. */
  queue?: { atOnce: number; waiting: number }
}

export interface Passwords {
  hash(password: string): Promise<string>
  /**
   * Takes as long for an account that does not exist (`stored` is null) as for one that does.
   * `outdated`: the hash is right, but should be made again at today's cost.
   */
  verify(password: string, stored: string | null): Promise<{ matches: boolean; outdated: boolean }>
}

const COST: Argon2Cost = { memoryKib: 64 * 1024, passes: 3, lanes: 4 }
/** Half of the threads that Node has by itself: the others are for answers to compress, names and files. */
const QUEUE = { atOnce: 2, waiting: 64 }
const SALT_BYTES = 16
const TAG_BYTES = 32

const argon2id: Derive = (parameters) => promisify(argon2)('argon2id', parameters)

export function createPasswords({
  cost = COST,
  derive = argon2id,
  queue = QUEUE,
}: PasswordOptions = {}): Passwords {
  const hashes = createHashQueue(queue)
  const nobodysSalt = randomBytes(SALT_BYTES)

  const tagOf = (
    password: string,
    salt: Buffer,
    { memoryKib, passes, lanes }: Argon2Cost,
    tagLength: number,
  ) =>
    hashes.run(() =>
      derive({
        message: normalisePassword(password),
        nonce: salt,
        memory: memoryKib,
        passes,
        parallelism: lanes,
        tagLength,
      }),
    )

  return {
    async hash(password) {
      const salt = randomBytes(SALT_BYTES)
      return formatPhc({ cost, salt, tag: await tagOf(password, salt, cost, TAG_BYTES) })
    },

    async verify(password, stored) {
      const known = stored === null ? null : parsePhc(stored)
      if (known === null) {
        await tagOf(password, nobodysSalt, cost, TAG_BYTES)
        return { matches: false, outdated: false }
      }
      const tag = await tagOf(password, known.salt, known.cost, known.tag.length)
      return { matches: timingSafeEqual(tag, known.tag), outdated: !isSameCost(known.cost, cost) }
    },
  }
}
