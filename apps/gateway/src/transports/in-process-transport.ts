import type { FetchRequest } from '@courtside/federation'
import type { Subgraph, SubgraphRequest } from '@courtside/subgraph'
import { InProcessListening } from './in-process-listening.ts'
import { type AnswerReceiver, type SubgraphTransport, TransportFailure } from './subgraph-transport.ts'

/** A subgraph in this process: no wire, the same identity checks. */
export function inProcessTransport(subgraph: Pick<Subgraph, 'execute' | 'subscribe'>): SubgraphTransport {
  return {
    inProcess: true,
    send({ fetch, headers }, receiver) {
      execute(toRequest(fetch, headers), receiver)
      return cannotBeStopped
    },
    subscribe: ({ fetch, headers }, receiver) =>
      new InProcessListening(subgraph.subscribe(toRequest(fetch, headers)), receiver),
  }

  function execute(request: SubgraphRequest, receiver: AnswerReceiver) {
    subgraph.execute(request).then(
      (answer) => receiver.answered(answer),
      (cause: unknown) => receiver.failed(new TransportFailure('useless', 'The subgraph failed', { cause })),
    )
  }
}

const cannotBeStopped = { abort: () => undefined, goesOn: true }

function toRequest(fetch: FetchRequest, headers: Readonly<Record<string, string>>): SubgraphRequest {
  const { query, operationName } = fetch.template
  return { query, operationName, variables: variablesOf(fetch), headers }
}

function variablesOf({
  variables,
  representations,
  furtherRepresentations,
}: FetchRequest): Readonly<Record<string, unknown>> {
  if (representations === null && furtherRepresentations === undefined) return variables
  const all: Record<string, unknown> = { ...variables }
  if (representations !== null) all['representations'] = JSON.parse(representations)
  for (const name in furtherRepresentations) all[name] = JSON.parse(furtherRepresentations[name] ?? 'null')
  return all
}
