import type { CachePolicy } from '../caching/index.ts'
import type { PublicError } from '../errors/index.ts'

/** An answer that is ready to be sent, whichever lane made it. Several requests may share it, so it never changes. */
export interface LaneAnswer {
  readonly status: number
  /** The JSON text of the whole response but its extensions. */
  readonly body: string
  readonly extensions: Readonly<Record<string, unknown>> | null
  /** The part of it below `data`; null when something is missing or has errors. */
  readonly wholeData: string | null
  /** For how long others may keep it; null when nobody may. */
  readonly policy: CachePolicy | null
  /** `partial`: something is missing, and the errors say what. */
  readonly outcome: 'ok' | 'partial' | 'failed'
  /** The first error's code; empty when there is none. */
  readonly code: string
}

/** Nearly every answer: nothing is missing. */
export function toWholeAnswer(data: string, policy: CachePolicy | null): LaneAnswer {
  return {
    status: 200,
    body: `{"data":${data}}`,
    extensions: null,
    wholeData: data,
    policy,
    outcome: 'ok',
    code: '',
  }
}

interface Parts {
  status?: number
  /** JSON text; null where the operation was refused before anything ran. */
  data: string | null
  errors: readonly PublicError[]
  extensions?: Readonly<Record<string, unknown>> | null
}

export function toLaneAnswer({ status = 200, data, errors, extensions = null }: Parts): LaneAnswer {
  const members: string[] = []
  if (errors.length > 0) members.push(`"errors":${JSON.stringify(errors)}`)
  if (data !== null) members.push(`"data":${data}`)
  return {
    status,
    body: `{${members.join(',')}}`,
    extensions,
    wholeData: null,
    policy: null,
    outcome: errors.length === 0 ? 'ok' : data === null || data === 'null' ? 'failed' : 'partial',
    code: errors[0]?.extensions.code ?? '',
  }
}

/** The body of an answer, with what belongs behind it for one client alone. */
export function withExtensions(body: string, extensions: Readonly<Record<string, unknown>> | null): string {
  return extensions === null ? body : `${body.slice(0, -1)},"extensions":${JSON.stringify(extensions)}}`
}
