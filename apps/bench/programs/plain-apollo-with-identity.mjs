// The same in front of the real subgraphs, which answer nobody without an assertion of who asks: whoever sends a token
// is taken for the one person given, and the token is not even looked at.
// Usage: node plain-apollo-with-identity.mjs '{"port", "supergraphFile", "addresses", "privateKey", "person"}'
import { readFileSync } from 'node:fs'
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway'
import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import { anonymous, createIdentitySigner, IDENTITY_HEADER } from '@courtside/auth'

const { port, supergraphFile, addresses, privateKey, person } = JSON.parse(process.argv[2])
const signer = await createIdentitySigner(privateKey)

class Subgraph extends RemoteGraphQLDataSource {
  constructor(name) {
    super({ url: addresses[name] })
    this.name = name
  }

  async willSendRequest({ request, context }) {
    request.http.headers.set(
      IDENTITY_HEADER,
      await signer.assertionFor(context.principal ?? anonymous, this.name),
    )
  }
}

const gateway = new ApolloGateway({
  supergraphSdl: readFileSync(supergraphFile, 'utf8'),
  buildService: ({ name }) => new Subgraph(name),
})
await startStandaloneServer(new ApolloServer({ gateway }), {
  listen: { host: '127.0.0.1', port },
  context: async ({ req }) => ({ principal: req.headers.authorization ? person : anonymous }),
})
