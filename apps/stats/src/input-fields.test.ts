import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type * as z from 'zod'
import {
  abbreviation,
  country,
  day,
  hexColor,
  id,
  moment,
  searchWords,
  slug,
  timeZone,
  toSlug,
} from './input-fields.ts'

const accepts = (field: z.ZodType, value: unknown) => field.safeParse(value).success

describe('slugs', () => {
  test.each([
    ['Harbor City', 'harbor-city'],
    ["Women's volleyball", 'womens-volleyball'],
    ['Élan Nord – 2', 'elan-nord-2'],
    ['  --A__B--  ', 'a-b'],
  ])('%j becomes %s', (name, made) => expect(toSlug(name)).toBe(made))

  test('of whatever name are slugs, or there is none', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (name) => {
        let made: string
        try {
          made = toSlug(name)
        } catch (error) {
          expect(error).toMatchObject({ code: 'BAD_USER_INPUT' })
          return
        }
        expect(slug().parse(made)).toBe(made)
      }),
    )
  })

  test('are not made of names in another script', () => {
    expect(() => toSlug('東京バレーボール')).toThrow(/Give one/)
  })

  test.each(['Harbor', 'harbor--city', '-harbor', 'harbor-', 'härbor', '', 'x'.repeat(81)])(
    '%j is none',
    (text) => {
      expect(accepts(slug(), text)).toBe(false)
    },
  )
})

describe('fields', () => {
  test('an abbreviation is in capitals, of letters and digits', () => {
    expect(abbreviation(5).parse('hrb')).toBe('HRB')
    expect(abbreviation(5).parse('é2')).toBe('É2')
    for (const wrong of ['H', 'HARBOR', 'H B', 'H-B', '']) expect(accepts(abbreviation(5), wrong)).toBe(false)
  })

  test('a colour is six hexadecimal digits', () => {
    expect(hexColor().parse('#1A2B3C')).toBe('#1a2b3c')
    for (const wrong of ['#fff', '1a2b3c', '#1a2b3g', 'red', '#1a2b3c4d'])
      expect(accepts(hexColor(), wrong)).toBe(false)
  })

  test('a time zone is one that the world has, and by name', () => {
    for (const name of ['America/Chicago', 'Europe/Paris', 'UTC'])
      expect(accepts(timeZone(), name)).toBe(true)
    for (const wrong of ['Mars/Olympus', '+02:00', '', 'America/Chicago; x'])
      expect(accepts(timeZone(), wrong)).toBe(false)
  })

  test('a country is one that there is, as two capital letters', () => {
    for (const known of ['US', 'BR', 'SE']) expect(accepts(country(), known)).toBe(true)
    for (const wrong of ['us', 'USA', 'U1', '', 'XX', 'ZZ', 'QQ'])
      expect(accepts(country(), wrong)).toBe(false)
  })

  test('times are within what the database and people can hold', () => {
    expect(accepts(day(), '1900-01-01')).toBe(true)
    expect(accepts(day(), '0001-01-01')).toBe(false)
    expect(accepts(moment(), new Date('2026-11-20T19:30:00Z'))).toBe(true)
    expect(accepts(moment(), new Date('9999-12-31T00:00:00Z'))).toBe(false)
  })

  test('an id is compared in small letters', () => {
    expect(id().parse('0197B1DE-0000-7000-8000-000000000000')).toBe('0197b1de-0000-7000-8000-000000000000')
    expect(accepts(id(), '0197b1de')).toBe(false)
  })

  test('nothing typed is no search', () => {
    expect(searchWords().parse('   ')).toBeNull()
    expect(searchWords().parse(' harbor ')).toBe('harbor')
  })
})
