import { toJsonString } from '../json-string.ts'
import { Refusal } from './refusal.ts'

/** A constant: making an error with its stack for each broken answer would cost more than writing it. */
const STOP = new Refusal('the data is not what the schema says')

/** Ends the writing; the careful way takes over. */
export function stop(): never {
  throw STOP
}

export function string(value: unknown): string {
  return typeof value === 'string' ? toJsonString(value) : stop()
}

/** Whole, but not held to 32 bits: Apollo takes what prints as an integer, and numbers from 1e21 on do not. */
export function int(value: unknown): string {
  const whole = typeof value === 'number' && Number.isInteger(value) && value < 1e21 && value > -1e21
  return whole ? `${value}` : stop()
}

/** A number stays a number, as with Apollo. */
export function id(value: unknown): string {
  return typeof value === 'string' ? toJsonString(value) : int(value)
}

export function float(value: unknown): string {
  return typeof value === 'number' && Number.isFinite(value) ? `${value}` : stop()
}

export function boolean(value: unknown): string {
  return value === true ? 'true' : value === false ? 'false' : stop()
}

/** Anything at all. What JSON cannot say (a function) has no text, and throws where it is a circle. */
export function scalar(value: unknown): string {
  if (typeof value === 'string') return toJsonString(value)
  return value === null ? stop() : (JSON.stringify(value) ?? stop())
}
