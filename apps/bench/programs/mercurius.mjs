// Mercurius' own gateway over Federation 1. The schemas are given and not asked for, so that it never polls for them.
// Usage: node mercurius.mjs '{"port", "typeDefs", "addresses"}'
import mercurius from '@mercuriusjs/gateway'
import Fastify from 'fastify'

const { port, typeDefs, addresses } = JSON.parse(process.argv[2])
const app = Fastify()
await app.register(mercurius, {
  gateway: {
    services: Object.entries(typeDefs).map(([name, schema]) => ({ name, url: addresses[name], schema })),
  },
})
await app.listen({ host: '127.0.0.1', port })
