import { scopesOf } from '@courtside/auth'
import type { JWK } from 'jose'
import type { DomainSubgraph } from './domain-subgraph.ts'
import { users } from './league.ts'

const people = {
  name: 'accounts',
  imports: ['@key'],
  typeDefs: /* GraphQL */ `
    type Query {
      user(id: ID!): User @public
    }
    type User @key(fields: "id") {
      id: ID!
      name: String!
      handle: String!
      avatarUrl: String
    }
  `,
}

/** What our gateway asks of accounts, and the others do not know of. */
const identity = {
  imports: ['@inaccessible', '@requiresScopes'],
  typeDefs: /* GraphQL */ `
    extend type Query {
      resolveCredential(input: CredentialInput!): Credential
        @inaccessible
        @requiresScopes(scopes: [["resolve:identity"]])
      signingKeys: [String!]! @inaccessible @requiresScopes(scopes: [["resolve:identity"]])
    }
    type Credential @inaccessible {
      kind: String!
      userId: ID
      sessionId: ID
      apiKeyId: ID
      roles: [String!]!
      scopes: [String!]!
      requestsPerMinute: Int
      costPerMinute: Int
      allowedOperations: [ID!]
    }
    input CredentialInput @inaccessible {
      session: SessionCredentialInput
      external: ExternalCredentialInput
      apiKey: ApiKeyCredentialInput
    }
    input SessionCredentialInput @inaccessible {
      userId: ID!
      sessionId: ID!
    }
    input ExternalCredentialInput @inaccessible {
      issuer: String!
      subject: String!
      sessionId: String
      email: String
      name: String
      avatarUrl: String
    }
    input ApiKeyCredentialInput @inaccessible {
      key: String!
      clientAddress: String
    }
  `,
}

const userOf = {
  user: (_: unknown, { id }: { id: string }) => users.get(id),
}
const User = { __resolveReference: ({ id }: { id: string }) => users.get(id) }

/** What our gateway follows, so that it notices at once who may do less than before. */
const accessChanges = /* GraphQL */ `
  scalar Cursor
  type Subscription {
    accessChanged(after: Cursor): AccessChange! @inaccessible @requiresScopes(scopes: [["resolve:identity"]])
  }
  type AccessChange @inaccessible {
    kind: String!
    cursor: Cursor!
    gap: AccessGap
    userId: ID
    sessionId: ID
    apiKeyId: ID
  }
  type AccessGap @inaccessible {
    reason: String!
  }
`

/** As every other gateway sees it. */
export const accounts: DomainSubgraph = { ...people, resolvers: { Query: userOf, User } }

interface Lookup {
  input: { session: { userId: string; sessionId: string } | null }
}

/** As our gateway needs it: it knows the key that tokens are signed with, and takes every session for a member's. */
export function createIdentityAccounts(signingKey: JWK): DomainSubgraph {
  return {
    name: people.name,
    imports: [...people.imports, ...identity.imports],
    typeDefs: people.typeDefs + identity.typeDefs,
    resolvers: {
      Query: {
        ...userOf,
        signingKeys: () => [JSON.stringify(signingKey)],
        resolveCredential: (_: unknown, { input: { session } }: Lookup) =>
          session && {
            kind: 'user',
            ...session,
            apiKeyId: null,
            roles: ['member'],
            scopes: scopesOf(['member']),
            requestsPerMinute: null,
            costPerMinute: null,
            allowedOperations: null,
          },
      },
      User,
    },
  }
}

/** The same in a graph with subscriptions: without any for clients it could not be composed. */
export function createFollowedAccounts(signingKey: JWK): DomainSubgraph {
  const known = createIdentityAccounts(signingKey)
  return {
    ...known,
    typeDefs: known.typeDefs + accessChanges,
    resolvers: { ...known.resolvers, Subscription: { accessChanged: { subscribe: nothingChanges } } },
  }
}

/** Where everybody stands, and then nothing for ever. */
async function* nothingChanges() {
  const none = { gap: null, userId: null, sessionId: null, apiKeyId: null }
  yield { accessChanged: { kind: 'SNAPSHOT', cursor: '0', ...none } }
  await new Promise(() => undefined)
}
