import * as z from 'zod'

/** A word misspelt must not make a production server of the demo, or the other way round. */
export const nodeEnv = () =>
  z
    .enum(['development', 'test', 'production'], 'expected development, test or production')
    .default('development')

/** At least 32 characters that nobody can guess. */
export const secretText = (ofWhat: string) => {
  const expected = `expected the secret of ${ofWhat}, at least 32 characters, for example from: openssl rand -base64 32`
  return z.string(expected).min(32, expected)
}

/** Half of the pair by which subgraphs know the gateway. */
export const identityKeyText = (half: 'private' | 'public') =>
  z.string(
    `expected the ${half} half of the gateway's identity key: a JWK as JSON, or the path of a file that holds one`,
  )

/** A TCP port; 0 asks the system for a free one. */
export const port = (byDefault: number) =>
  z
    .string()
    .default(String(byDefault))
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535, 'expected a port from 0 to 65535')
    .transform(Number)

/** `1`/`true`/`yes` or `0`/`false`/`no`. */
export const booleanFlag = (byDefault: boolean) =>
  z
    .enum(['1', 'true', 'yes', '0', 'false', 'no'], 'expected one of 1, true, yes, 0, false, no')
    .default(byDefault ? 'true' : 'false')
    .transform((text) => text === '1' || text === 'true' || text === 'yes')

/** A whole number of seconds between two bounds. */
export const secondsBetween = (least: number, most: number, byDefault: number) =>
  z
    .string()
    .default(String(byDefault))
    .refine(
      (text) => /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most,
      `expected a whole number of seconds from ${least} to ${most}`,
    )
    .transform(Number)

/** A URL of one of the given protocols, for example `urlOf('postgres', 'postgresql')`. */
export const urlOf = (...protocols: string[]) =>
  z
    .string(`expected a URL beginning with ${protocols.map((name) => `${name}://`).join(' or ')}`)
    .refine(
      (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol.slice(0, -1)),
      `expected a URL beginning with ${protocols.map((name) => `${name}://`).join(' or ')}`,
    )
