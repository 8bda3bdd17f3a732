// Mercurius' own gateway over Federation 1. The schemas are given and not asked for, so that it never polls for them.
// Usage: node mercurius.mjs '{"port", "typeDefs", "addresses"}'
import { registerHooks } from 'node:module'

// For a join it makes documents with a type where a name belongs, and graphql refuses to print these since 16.15.
registerHooks({
  resolve: (name, context, next) => next(name.replace(/^graphql(?=\/|$)/, 'graphql-16-14'), context),
})
const { default: Fastify } = await import('fastify')
const { default: mercurius } = await import('@mercuriusjs/gateway')

const { port, typeDefs, addresses } = JSON.parse(process.argv[2])
const app = Fastify()
await app.register(mercurius, {
  gateway: {
    services: Object.entries(typeDefs).map(([name, schema]) => ({ name, url: addresses[name], schema })),
  },
})
await app.listen({ host: '127.0.0.1', port })
