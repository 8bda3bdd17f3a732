import { LRUCache } from 'lru-cache'

/** The two names of a GraphQL answer. */
export const GRAPHQL_RESPONSE = 'application/graphql-response+json'
export const JSON_RESPONSE = 'application/json'
const HTML = 'text/html'
const ANSWERS: ReadonlySet<string> = new Set([GRAPHQL_RESPONSE, JSON_RESPONSE, 'application/*', '*/*'])

/** How many answers can come in one: by the media type that a client accepts for it. */
export type StreamType = 'text/event-stream' | 'multipart/mixed'
const EVENT_STREAM = 'text/event-stream'
const MULTIPART = 'multipart/mixed'
/** Other parts than Apollo's subscriptions are not sent. */
const SUBSCRIPTION_SPEC = /^subscriptionspec="?1(\.0)?"?$/

interface Range {
  type: string
  quality: number
  parameters: readonly string[]
}

/** The ranges of an Accept header, as written. A missing header accepts all. */
function rangesIn(accept: string | undefined): Range[] {
  if (accept === undefined || accept.trim() === '') return [{ type: '*/*', quality: 1, parameters: [] }]
  return accept.split(',').map((part) => {
    const [type = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase())
    const quality = parameters.find((parameter) => parameter.startsWith('q='))
    const value = quality === undefined ? 1 : Number(quality.slice(2))
    return { type, quality: Number.isFinite(value) ? value : 0, parameters }
  })
}

/** How much a type is wanted: what names it exactly counts before what names its family. */
function qualityOf(type: string, ranges: readonly Range[]): number {
  const family = `${type.slice(0, type.indexOf('/'))}/*`
  for (const name of [type, family, '*/*']) {
    const range = ranges.find((candidate) => candidate.type === name)
    if (range) return range.quality
  }
  return 0
}

/** In which types a client can be answered. */
export interface Accepted {
  /** Of one answer; null when the client takes neither. */
  readonly mediaType: string | null
  /** Of many answers: the way that the client likes best; null when it names none. */
  readonly streamType: StreamType | null
}

/** Clients send the same few headers again and again, and to read one takes 1 µs. */
const remembered = new LRUCache<string, Accepted>({ max: 100 })
const LONGEST_REMEMBERED = 200
const WITHOUT_HEADER: Accepted = { mediaType: JSON_RESPONSE, streamType: null }

export function acceptedBy(accept: string | undefined): Accepted {
  if (accept === undefined) return WITHOUT_HEADER
  const known = remembered.get(accept)
  if (known) return known
  const accepted = { mediaType: readMediaType(accept), streamType: readStreamType(accept) }
  if (accept.length <= LONGEST_REMEMBERED) remembered.set(accept, accepted)
  return accepted
}

function readMediaType(accept: string): string | null {
  const ranges = rangesIn(accept)
  const response = qualityOf(GRAPHQL_RESPONSE, ranges)
  const json = qualityOf(JSON_RESPONSE, ranges)
  if (response <= 0 && json <= 0) return null
  const named = ranges.some(({ type, quality }) => type === GRAPHQL_RESPONSE && quality > 0)
  // Clients that do not name the newer type mostly do not know it.
  return named && response >= json ? GRAPHQL_RESPONSE : JSON_RESPONSE
}

function readStreamType(accept: string): StreamType | null {
  let best: Range | null = null
  for (const range of rangesIn(accept)) {
    if (isStream(range) && range.quality > (best?.quality ?? 0)) best = range
  }
  return best && (best.type === MULTIPART ? MULTIPART : EVENT_STREAM)
}

function isStream({ type, parameters }: Range): boolean {
  if (type === EVENT_STREAM) return true
  return type === MULTIPART && parameters.some((parameter) => SUBSCRIPTION_SPEC.test(parameter))
}

/** Whether the client asks by name for what we answer with: nothing that a page embeds is asked for like that. */
export function namesAnswerType(accept: string | undefined): boolean {
  return (
    accept !== undefined &&
    rangesIn(accept).some(
      (range) => range.type === GRAPHQL_RESPONSE || range.type === JSON_RESPONSE || isStream(range),
    )
  )
}

/** Whether a page, an image or the like would do as well: so browsers ask for links and what is embedded. */
export function wantsOtherThings(accept: string | undefined): boolean {
  return accept !== undefined && rangesIn(accept).some(({ type }) => !ANSWERS.has(type))
}

/** A browser that was sent here by a person. */
export function wantsPage(accept: string | undefined): boolean {
  return accept !== undefined && rangesIn(accept).some(({ type, quality }) => type === HTML && quality > 0)
}
