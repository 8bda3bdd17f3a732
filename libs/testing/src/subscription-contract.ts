import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { describe, expect, test } from '@jest/globals'
import {
  accessTo,
  createIdentitySigner,
  IDENTITY_HEADER,
  type IdentityKeys,
  type Principal,
  requirementOf,
} from '@courtside/auth'
import {
  type DocumentNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  Kind,
  parse,
  type TypeNode,
} from 'graphql'
import { WebSocket } from 'ws'
import { principals } from './principals.ts'
import type { SubgraphHarness } from './subgraph-harness.ts'

export interface SubscribedSubgraph {
  harness: SubgraphHarness
  keys: IdentityKeys
  /** Where its socket is, as an address of HTTP. */
  url: string
}

/** Who may not subscribe to what, read from the schema: a field that is added is held to it at once. */
export function describeSubscriptions(name: string, opened: () => SubscribedSubgraph): void {
  const subscribeAs = async (principal: Principal, query: string) => {
    const { harness, keys } = opened()
    const signer = await createIdentitySigner(keys.privateKey)
    const headers = { [IDENTITY_HEADER]: await signer.assertionFor(principal, name) }
    return harness.subgraph.subscribe({ query, headers })
  }
  const subscriptions = async (): Promise<Subscribable[]> => {
    const { _service } = await opened()
      .harness.as(principals.anonymous)
      .ok<{ _service: { sdl: string } }>('{ _service { sdl } }')
    return subscribableIn(parse(_service.sdl))
  }

  describe(`${name}: subscribers`, () => {
    test('are refused without an assertion, whatever they ask for', async () => {
      const { harness, url } = opened()
      const asked = ['subscription { __typename }', 'this is no subscription']
      for (const query of [...(await subscriptions()).map((one) => one.query), ...asked]) {
        const refused = harness.subgraph.subscribe({ query, headers: {} })
        await expect(refused).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
      }
      expect(await handshakeStatus(url, {})).toBe(401)
      expect(await handshakeStatus(url, { [IDENTITY_HEADER]: 'somebody' })).toBe(401)
    })

    test('are refused what a field asks of them and they are not', async () => {
      const subscribers = [
        principals.anonymous,
        principals.user('viewer'),
        principals.userWithScopes(),
        principals.partner(),
      ]
      for (const { query, fieldName, refusalFor } of await subscriptions()) {
        for (const principal of subscribers) {
          const code = refusalFor(principal)
          if (code === null) continue
          const { events, errors } = await subscribeAs(principal, query)
          await events?.return()
          expect([fieldName, principal.kind, errors?.[0]?.extensions?.['code']]).toEqual([
            fieldName,
            principal.kind,
            code,
          ])
        }
      }
    })

    test('are told when what they send is no subscription', async () => {
      const { errors } = await subscribeAs(principals.anonymous, '{ __typename }')
      expect(errors).toMatchObject([{ extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } }])
    })
  })
}

interface Subscribable {
  readonly fieldName: string
  /** Valid, with values made up for what has to be given. */
  readonly query: string
  refusalFor(principal: Principal): 'UNAUTHENTICATED' | 'FORBIDDEN' | null
}

function subscribableIn({ definitions }: DocumentNode): Subscribable[] {
  const composite = new Set<string>()
  const roots = definitions.flatMap((definition) => {
    switch (definition.kind) {
      case Kind.OBJECT_TYPE_DEFINITION:
      case Kind.OBJECT_TYPE_EXTENSION:
        composite.add(definition.name.value)
        return definition.name.value === 'Subscription' ? [definition] : []
      case Kind.INTERFACE_TYPE_DEFINITION:
      case Kind.UNION_TYPE_DEFINITION:
        composite.add(definition.name.value)
        return []
      default:
        return []
    }
  })
  return roots.flatMap(({ fields = [], directives: ofType }) =>
    fields.map((field): Subscribable => {
      const asked = [ofType, field.directives].map(requirementOf).filter((one) => one !== null)
      return {
        fieldName: field.name.value,
        query: `subscription { ${callOf(field)}${composite.has(namedType(field.type)) ? ' { __typename }' : ''} }`,
        refusalFor(principal) {
          const access = asked.map((one) => accessTo(one, principal)).find((one) => one !== 'granted')
          if (access === undefined) return null
          return access === 'unauthenticated' ? 'UNAUTHENTICATED' : 'FORBIDDEN'
        },
      }
    }),
  )
}

function callOf({ name, arguments: known = [] }: FieldDefinitionNode): string {
  const given = known.filter(({ type, defaultValue }) => type.kind === Kind.NON_NULL_TYPE && !defaultValue)
  if (given.length === 0) return name.value
  return `${name.value}(${given.map((argument) => `${argument.name.value}: ${valueFor(argument)}`).join(', ')})`
}

function valueFor({ name, type }: InputValueDefinitionNode): string {
  switch (namedType(type)) {
    case 'ID':
    case 'String':
      return JSON.stringify(randomUUID())
    case 'Int':
      return '1'
    default:
      throw new Error(`Say in the contract of subscriptions which ${namedType(type)} ${name.value} may be`)
  }
}

const namedType = (type: TypeNode): string =>
  type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type)

/** With which status the subgraph refuses to open a socket. */
async function handshakeStatus(url: string, headers: Record<string, string>): Promise<number | undefined> {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), 'graphql-transport-ws', { headers })
  try {
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage]
    return response.statusCode
  } finally {
    socket.on('error', () => undefined)
    socket.terminate()
  }
}
