export interface Answer<Data> {
  status: number
  data: Data | null
  errors: {
    message: string
    path?: (string | number)[]
    extensions: { code: string } & Record<string, unknown>
  }[]
}

/** One caller of the graph over HTTP, as any client app is. */
export interface GraphClient {
  send<Data>(query: string, variables?: object): Promise<Answer<Data>>
  /** The data; throws with all there is to know when there was any error. */
  ok<Data>(query: string, variables?: object): Promise<Data>
  /** The data of a subscription's first event; it is left then. */
  first<Data>(subscription: string, variables?: object): Promise<Data>
}

export function graphClient(url: string, headers: Readonly<Record<string, string>> = {}): GraphClient {
  const send = async <Data>(query: string, variables: object = {}): Promise<Answer<Data>> => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json',
        ...headers,
      },
      body: JSON.stringify({ query, variables }),
    })
    const body = (await response.json()) as { data?: Data | null; errors?: Answer<Data>['errors'] }
    return { status: response.status, data: body.data ?? null, errors: body.errors ?? [] }
  }
  return {
    send,
    async first<Data>(query: string, variables: object = {}) {
      const leaving = new AbortController()
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
        body: JSON.stringify({ query, variables }),
        signal: leaving.signal,
      })
      try {
        return await firstEvent<Data>(response)
      } finally {
        leaving.abort()
      }
    },
    async ok<Data>(query: string, variables: object = {}) {
      const answer = await send<Data>(query, variables)
      if (answer.data !== null && answer.errors.length === 0) return answer.data
      throw new Error(
        `The operation failed with HTTP ${answer.status}\n${query.trim()}\n` +
          `variables: ${JSON.stringify(variables, null, 2)}\nerrors: ${JSON.stringify(answer.errors, null, 2)}`,
      )
    },
  }
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

async function firstEvent<Data>(response: Response): Promise<Data> {
  let text = ''
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk
    const [, json] = /^event: next\n(?:id: .*\n)?data: (.*)\n\n/m.exec(text) ?? []
    if (json === undefined) continue
    const { data, errors } = JSON.parse(json) as { data?: Data | null; errors?: unknown }
    if (data != null && errors === undefined) return data
    break
  }
  throw new Error(`The subscription failed with HTTP ${response.status}\n${text}`)
}
