import { type Gateway, source } from './gateway.ts'

export const raw: Gateway<'raw'> = {
  name: 'raw',
  title: 'node:http, fixed answer',
  kind: 'floor',
  program: ({ port, oneAnswer }) => ({
    args: [source('raw-http'), JSON.stringify({ port, answer: oneAnswer })],
  }),
}
