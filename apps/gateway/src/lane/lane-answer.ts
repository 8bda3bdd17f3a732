import type { PublicError } from '../errors/index.ts'

/** An answer that is ready to be sent, whichever lane made it. Several requests may share it, so it never changes. */
export interface LaneAnswer {
  readonly status: number
  /** The JSON text of the whole response. */
  readonly body: string
  /** The part of it below `data`; null when something is missing or has errors. */
  readonly wholeData: string | null
  /** `partial`: something is missing, and the errors say what. */
  readonly outcome: 'ok' | 'partial' | 'failed'
  /** The first error's code; empty when there is none. */
  readonly code: string
}

/** Nearly every answer: nothing is missing. */
export function toWholeAnswer(data: string): LaneAnswer {
  return { status: 200, body: `{"data":${data}}`, wholeData: data, outcome: 'ok', code: '' }
}

interface Parts {
  status?: number
  /** JSON text; null where the operation was refused before anything ran. */
  data: string | null
  errors: readonly PublicError[]
  extensions?: Readonly<Record<string, unknown>>
}

export function toLaneAnswer({ status = 200, data, errors, extensions }: Parts): LaneAnswer {
  const members: string[] = []
  if (errors.length > 0) members.push(`"errors":${JSON.stringify(errors)}`)
  if (data !== null) members.push(`"data":${data}`)
  if (extensions) members.push(`"extensions":${JSON.stringify(extensions)}`)
  return {
    status,
    body: `{${members.join(',')}}`,
    wholeData: null,
    outcome: errors.length === 0 ? 'ok' : data === null || data === 'null' ? 'failed' : 'partial',
    code: errors[0]?.extensions.code ?? '',
  }
}
