import { isDeepStrictEqual } from 'node:util'
import type { HttpRequest } from '../load/index.ts'
import type { Contender, GraphqlAnswer } from './contender.ts'

interface GraphqlResult {
  data?: unknown
  errors?: { message?: string }[]
}

/** What is wrong with the answers of `contender`, which the reference answers rightly; null when nothing is. */
export async function faultOf(
  contender: Pick<Contender, 'ask'>,
  reference: Pick<Contender, 'ask'>,
  requests: readonly HttpRequest[],
): Promise<string | null> {
  for (const request of requests) {
    const answer = await contender.ask(request)
    const said = readAnswer(answer)
    if (said === null) return `it answers ${answer.status} ${short(answer.text)}`
    const [error] = said.errors ?? []
    if (error) return `it says: ${error.message ?? short(answer.text)}`
    const right = readAnswer(await reference.ask(request))
    if (!isDeepStrictEqual(said.data, right?.data)) return `it answers differently: ${short(answer.text)}`
  }
  return null
}

function readAnswer({ text }: GraphqlAnswer): GraphqlResult | null {
  try {
    const result: unknown = JSON.parse(text)
    if (typeof result !== 'object' || result === null) return null
    return 'data' in result || 'errors' in result ? (result as GraphqlResult) : null
  } catch {
    return null // Not even JSON, which is a fault with words of its own.
  }
}

const SHOWN = 300
const short = (text: string) => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text)
