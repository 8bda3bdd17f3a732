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

/** Clients send the same few headers again and again, and to read one takes 1 µs. */
const chosen = new LRUCache<string, { mediaType: string | null }>({ max: 100 })
const LONGEST_REMEMBERED = 200

/** The type to answer with; null when the client takes neither. */
export function chooseMediaType(accept: string | undefined): string | null {
  if (accept === undefined) return JSON_RESPONSE
  const known = chosen.get(accept)
  if (known) return known.mediaType
  const mediaType = readMediaType(accept)
  if (accept.length <= LONGEST_REMEMBERED) chosen.set(accept, { mediaType })
  return mediaType
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

/** The way of streaming that the client likes best, and names; null when it names none. */
export function chooseStreamType(accept: string | undefined): StreamType | null {
  // Nearly every client that asks for one answer: so the header is not read twice.
  if (accept === undefined || !NAMES_STREAM.test(accept)) return null
  let best: Range | null = null
  for (const range of rangesIn(accept)) {
    if (isStream(range) && range.quality > (best?.quality ?? 0)) best = range
  }
  return best && (best.type === MULTIPART ? MULTIPART : EVENT_STREAM)
}

const NAMES_STREAM = /event-stream|subscriptionspec/i

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
