import { argon2Sync } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { createPasswords, type Derive } from './passwords.ts'

const cost = { memoryKib: 32, passes: 1, lanes: 1 }

/** Counts what is computed, and can hold it back. */
function watched() {
  const watch = { calls: 0, running: 0, mostAtOnce: 0, release: () => {} }
  const gate = new Promise<void>((resolve) => (watch.release = resolve))
  const derive: Derive = async (parameters) => {
    watch.calls++
    watch.mostAtOnce = Math.max(watch.mostAtOnce, ++watch.running)
    await gate
    watch.running--
    return argon2Sync('argon2id', parameters)
  }
  return { watch, derive }
}

describe('passwords', () => {
  test('are recognised, and others are not', async () => {
    const passwords = createPasswords({ cost })
    const stored = await passwords.hash('block the line')
    expect(await passwords.verify('block the line', stored)).toEqual({ matches: true, outdated: false })
    expect(await passwords.verify('block the cross', stored)).toEqual({ matches: false, outdated: false })
  })

  test('are hashed at 64 MiB, three passes and four lanes unless told otherwise', async () => {
    expect(await createPasswords().hash('block the line')).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=4\$/)
  })

  test('have another hash each time', async () => {
    const passwords = createPasswords({ cost })
    expect(await passwords.hash('block the line')).not.toBe(await passwords.hash('block the line'))
  })

  test('are the same in every way to write them', async () => {
    const passwords = createPasswords({ cost })
    const stored = await passwords.hash('ﬁve sets Ångström')
    expect((await passwords.verify('five sets Ångström', stored)).matches).toBe(true)
  })

  test('stored at another cost are recognised and reported as outdated', async () => {
    const stored = await createPasswords({ cost }).hash('block the line')
    const dearer = createPasswords({ cost: { ...cost, passes: 2 } })
    expect(await dearer.verify('block the line', stored)).toEqual({ matches: true, outdated: true })
  })

  test.each([null, 'not a hash'])(
    'that are stored as %s cost as much as any and match nothing',
    async (stored) => {
      const { watch, derive } = watched()
      watch.release()
      const passwords = createPasswords({ cost, derive })
      expect(await passwords.verify('block the line', stored)).toEqual({ matches: false, outdated: false })
      expect(watch.calls).toBe(1)
    },
  )
})

describe('the queue of hashes', () => {
  test('lets so many run, so many wait, and refuses the rest at once', async () => {
    const { watch, derive } = watched()
    const passwords = createPasswords({ cost, derive, queue: { atOnce: 2, waiting: 3 } })
    const accepted = Array.from({ length: 5 }, () => passwords.hash('block the line'))
    await expect(passwords.hash('block the line')).rejects.toMatchObject({
      kind: 'limited',
      code: 'RATE_LIMITED',
      details: { retryAfterSeconds: 2 },
    })
    expect(watch.calls).toBe(2)
    watch.release()
    expect(await Promise.all(accepted)).toHaveLength(5)
    expect(watch.mostAtOnce).toBe(2)
  })

  test('goes on after a hash that failed', async () => {
    let calls = 0
    const passwords = createPasswords({
      cost,
      queue: { atOnce: 1, waiting: 1 },
      derive: async () => {
        if (++calls === 1) throw new Error('out of memory')
        return Buffer.alloc(32)
      },
    })
    const both = await Promise.allSettled([
      passwords.hash('block the line'),
      passwords.hash('block the line'),
    ])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
    expect(await passwords.hash('block the line')).toContain('$argon2id$')
  })
})
