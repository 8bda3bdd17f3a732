import { isUuid } from '@courtside/kernel'
import * as z from 'zod'

/** Control characters but line breaks, halves of pairs, and what turns or hides the text around it. */
const INVISIBLE = /[\p{Cs}\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff]|(?![\n\t])\p{Cc}/u

/** Text for people: trimmed, NFC, nothing that cannot be seen, `least` to `most` characters. */
export const text = (least: number, most: number) => {
  const length =
    least > 0 ? `must have ${least} to ${most} characters` : `must have at most ${most} characters`
  return (
    z
      .string()
      // Before it is normalised: that takes time by the square of a run of accents, minutes for all that a body holds.
      .max(4 * most + 64, length)
      .transform((value) => value.normalize('NFC').trim())
      .refine((value) => !INVISIBLE.test(value), 'must not contain control or invisible characters')
      .refine((value) => value.length >= least && value.length <= most, length)
  )
}

/** In the small letters in which Postgres writes it, so that equal ids are equal texts. */
export const uuid = () =>
  z
    .string()
    .refine(isUuid, 'must be an id as the graph returned it')
    .transform((value) => value.toLowerCase())

export const emailAddress = () =>
  z
    .string()
    .transform((value) => value.trim().toLowerCase())
    .refine(
      (value) => value.length <= 255 && /^[a-z0-9._%+-]+@[a-z0-9.-]+\.[a-z]{2,}$/.test(value),
      'must be an e-mail address',
    )

/** An address that clients will load: http or https, no credentials in it. */
export const httpUrl = (most = 500) =>
  z.string().refine((value) => {
    if (value.length > most || !URL.canParse(value)) return false
    const url = new URL(value)
    return (url.protocol === 'https:' || url.protocol === 'http:') && !url.username && !url.password
  }, `must be an http or https address of at most ${most} characters`)

/** GraphQL's two ways to leave a field out, absent and null, kept apart: absent leaves, null clears. */
export const optional = <Schema extends z.ZodType>(schema: Schema) => schema.nullable().optional()
