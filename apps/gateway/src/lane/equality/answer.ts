import type { PublicError } from '../../errors/index.ts'
import type { LaneAnswer } from '../lane-answer.ts'

/** An answer in a form in which two can be compared. */
export interface Answer {
  /** The text below `data`; null when the operation was refused before it ran. */
  readonly data: string | null
  /** As texts, each once and sorted: in which order subgraphs answer is nobody's promise. */
  readonly errors: readonly string[]
}

export function toAnswer(data: string | null, errors: readonly PublicError[]): Answer {
  return { data, errors: [...new Set(errors.map(comparable))].toSorted() }
}

export function toRefused(errors: readonly PublicError[]): Answer {
  return toAnswer(
    null,
    errors.map(({ message, extensions: { code } }) => ({ message, extensions: { code } })),
  )
}

/** The text below `data` is cut out as it stands, for reading it would make equal what is not. */
export function toLanesAnswer({ body }: Pick<LaneAnswer, 'body'>): Answer {
  const { errors } = JSON.parse(body) as { errors?: PublicError[] }
  const before = errors ? `{"errors":${JSON.stringify(errors)},"data":` : '{"data":'
  if (!body.startsWith(before) || !body.endsWith('}')) throw new Error(`This is no answer of a lane: ${body}`)
  return toAnswer(body.slice(before.length, -1), errors ?? [])
}

/** An error that nobody expected is told by an id of its own. */
function comparable({ message, path, extensions }: PublicError): string {
  if (extensions.code !== 'INTERNAL_SERVER_ERROR') {
    return JSON.stringify({ path: path ?? null, message, extensions })
  }
  const { errorId, ...others } = extensions
  return JSON.stringify({
    path: path ?? null,
    message: message.replace(String(errorId), 'masked'),
    extensions: { ...others, errorId: 'masked' },
  })
}
