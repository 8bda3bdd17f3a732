// What Apollo's own documentation starts with: @apollo/gateway behind the standalone server of @apollo/server.
// Usage: node plain-apollo.mjs '{"port", "supergraphFile"}'
import { readFileSync } from 'node:fs'
import { ApolloGateway } from '@apollo/gateway'
import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'

const { port, supergraphFile } = JSON.parse(process.argv[2])
const gateway = new ApolloGateway({ supergraphSdl: readFileSync(supergraphFile, 'utf8') })
await startStandaloneServer(new ApolloServer({ gateway }), { listen: { host: '127.0.0.1', port } })
