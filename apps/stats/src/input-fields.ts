import { DomainError } from '@courtside/kernel'
import { optional, text, uuid } from '@courtside/validation'
import * as z from 'zod'

/** Fields that several inputs of this subgraph share. */

export const idempotencyKey = () => optional(text(1, 100))

/** Letters of any script and digits, in capitals: short names stand in tables and on scoreboards. */
export const abbreviation = (most: number) =>
  text(2, most)
    .transform((value) => value.toUpperCase())
    .refine((value) => /^[\p{L}\p{N}]+$/u.test(value), 'must be letters or digits')

export const slug = () =>
  z
    .string()
    .refine(
      (value) => value.length <= 80 && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(value),
      'must be small letters and digits, joined by single hyphens, at most 80 characters',
    )

/** A slug of a name, for things whose creator gave none. */
export function toSlug(name: string): string {
  const made = name
    .normalize('NFKD')
    .replace(/\p{M}|['’]/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 80)
    .replace(/^-|-$/g, '')
  if (made === '') throw noSlug()
  return made
}

/** A name in letters of another script only. */
const noSlug = () =>
  new DomainError({
    kind: 'invalid',
    code: 'BAD_USER_INPUT',
    message: 'slug: none can be made from this name. Give one.',
    details: { faults: [{ path: ['slug'], message: 'none can be made from this name' }] },
  })

const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })

export const country = () =>
  z
    .string()
    .refine(
      (value) => /^[A-Z]{2}$/.test(value) && value !== 'ZZ' && regions.of(value) !== undefined,
      'must be a country as two capital letters, as in ISO 3166-1 alpha-2',
    )

export const hexColor = () =>
  z
    .string()
    .transform((value) => value.toLowerCase())
    .refine((value) => /^#[0-9a-f]{6}$/.test(value), 'must be a colour such as #1a2b3c')

export const timeZone = () =>
  z.string().refine(isTimeZone, 'must be the IANA name of a time zone, for example America/Chicago')

/** A name, not an offset such as `+02:00`: only a name knows about summer time. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** A calendar day, as the `Date` scalar leaves it. The bounds keep typing errors, and what Postgres refuses, out. */
export const day = () =>
  z.string().refine((value) => value >= '1900-01-01' && value <= '2199-12-31', 'must be from 1900 to 2199')

export const moment = () =>
  z
    .date()
    .refine(
      (value) => value.getUTCFullYear() >= 1900 && value.getUTCFullYear() <= 2199,
      'must be from 1900 to 2199',
    )

/** What somebody types into a search box. Nothing typed is no search. */
export const searchWords = () => optional(text(0, 100).transform((words) => (words === '' ? null : words)))

/** As Postgres returns it, so that ids compare as text. */
export const id = () => uuid().transform((value) => value.toLowerCase())
