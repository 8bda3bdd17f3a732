import { federationOneTypeDefs } from '../domain/index.ts'
import { type Gateway, script } from './gateway.ts'

export const mercurius: Gateway<'mercurius'> = {
  name: 'mercurius',
  title: 'Mercurius',
  kind: 'peer',
  program: ({ port, addresses }) => ({
    args: [script('mercurius'), JSON.stringify({ port, addresses, typeDefs: federationOneTypeDefs() })],
  }),
}
