import { type Gateway, script } from './gateway.ts'

export const plain: Gateway<'plain'> = {
  name: 'plain',
  title: 'plain Apollo',
  kind: 'peer',
  program: ({ port, supergraphFile }) => ({
    args: [script('plain-apollo'), JSON.stringify({ port, supergraphFile })],
    environment: { APOLLO_TELEMETRY_DISABLED: 'true' },
  }),
}
