import type { FetchRequest } from '@courtside/federation'
import type { Subgraph } from '@courtside/subgraph'
import { type AnswerReceiver, type SubgraphTransport, TransportFailure } from './subgraph-transport.ts'

/** A subgraph in this process: no wire, the same identity checks. */
export function inProcessTransport(subgraph: Pick<Subgraph, 'execute'>): SubgraphTransport {
  return {
    inProcess: true,
    send({ fetch, headers }, receiver) {
      const { query, operationName } = fetch.template
      execute({ query, operationName, variables: variablesOf(fetch), headers }, receiver)
      return cannotBeStopped
    },
  }

  function execute(request: Parameters<Subgraph['execute']>[0], receiver: AnswerReceiver) {
    subgraph.execute(request).then(
      (answer) => receiver.answered(answer),
      (cause: unknown) => receiver.failed(new TransportFailure('useless', 'The subgraph failed', { cause })),
    )
  }
}

const cannotBeStopped = { abort: () => undefined, goesOn: true }

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
