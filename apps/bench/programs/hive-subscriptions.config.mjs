import { defineConfig } from '@graphql-hive/gateway'

// Subscriptions come from the subgraphs over WebSockets, as its documentation recommends.
export const gatewayConfig = defineConfig({
  transportEntries: { '*.http': { options: { subscriptions: { kind: 'ws' } } } },
})
