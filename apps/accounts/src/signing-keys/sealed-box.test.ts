import { randomBytes } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { seal, unseal } from './sealed-box.ts'

const key = randomBytes(32)

describe('a sealed box', () => {
  test('opens with its key and label', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
        (content) => {
          expect(unseal(seal(content, key, 'key-1'), key, 'key-1')).toBe(content)
        },
      ),
    )
  })

  test('opens with no other key, and under no other label', () => {
    const box = seal('private', key, 'key-1')
    expect(unseal(box, randomBytes(32), 'key-1')).toBeNull()
    expect(unseal(box, key, 'key-2')).toBeNull()
  })

  test('does not open after any change to it', () => {
    const box = seal('private', key, 'key-1')
    for (let index = 0; index < box.length; index++) {
      const changed = Buffer.from(box)
      changed[index]! ^= 1
      expect(unseal(changed, key, 'key-1')).toBeNull()
    }
    expect(unseal(box.subarray(0, 20), key, 'key-1')).toBeNull()
  })

  test('is another one each time', () => {
    expect(seal('private', key, 'key-1')).not.toEqual(seal('private', key, 'key-1'))
  })
})
