import { once, receive, type Result, type Transport } from './transport.ts'

/** Takes the text of a stream in pieces; gives what is whole, and `end` when the server says that it was all. */
export type Splitter = (text: string) => (Result | 'end')[]

/** A subscription as one long answer over HTTP. */
export function httpStream(accept: string, createSplitter: () => Splitter): Transport {
  return ({ url, query, variables, address, headers }, listener) => {
    const receiver = once(listener)
    const leaving = new AbortController()
    const read = async () => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json', accept, 'x-forwarded-for': address },
        body: JSON.stringify({ query, variables }),
        signal: leaving.signal,
      })
      if (!response.ok || response.body === null) {
        return `answered with ${response.status}: ${await response.text()}`
      }
      const split = createSplitter()
      const decoder = new TextDecoder()
      for await (const bytes of response.body) {
        for (const item of split(decoder.decode(bytes, { stream: true }))) {
          if (item === 'end') return 'complete'
          if (receive(item, receiver) === 'ended') return 'ended with errors'
        }
      }
      return 'the stream broke off'
    }
    read()
      .catch((error: unknown) => describe(error))
      .then((reason) => receiver.ended(reason))
      .finally(() => leaving.abort())
      .catch((error: unknown) => listener.ended(String(error)))
    return () => {
      receiver.ended('closed')
      leaving.abort()
    }
  }
}

/** The innermost reason: `fetch failed` says nothing. */
function describe(error: unknown): string {
  const { cause } = error instanceof Error ? error : {}
  const innermost = cause instanceof Error ? cause : error
  return innermost instanceof Error ? innermost.message : String(innermost)
}

/** Server-sent events, in the distinct connections mode of graphql-sse. */
export const eventStream = httpStream('text/event-stream', () => {
  let rest = ''
  return (text) => {
    const events = (rest + text).split('\n\n')
    rest = events.pop() ?? ''
    return events.flatMap((event): (Result | 'end')[] => {
      const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(event)?.[1]
      if (field('event') === 'complete') return ['end']
      const data = field('data')
      return data === undefined || data === '' ? [] : [JSON.parse(data) as Result]
    })
  }
})

const DELIMITER = '\r\n--graphql'

/** Apollo's protocol: multipart/mixed with subscriptionSpec=1.0. */
export const multipart = httpStream('multipart/mixed;boundary="graphql";subscriptionSpec=1.0', () => {
  let rest = ''
  return (text) => {
    const parts = (rest + text).split(DELIMITER)
    const last = parts.pop() ?? ''
    rest = last
    const results = parts.flatMap((part): Result[] => {
      const [, body = ''] = part.split('\r\n\r\n')
      if (body === '') return []
      const { payload, errors } = JSON.parse(body) as { payload?: Result | null; errors?: Result['errors'] }
      if (errors !== undefined) return [{ errors }]
      return payload ? [payload] : []
    })
    return last.startsWith('--') ? [...results, 'end' as const] : results
  }
})
