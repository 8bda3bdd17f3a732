// The subgraphs of the domain with what happens in its games, which is as the parent says.
// Usage: node event-source.ts <the public key that tokens are signed with, as JSON>
import type { JWK } from 'jose'
import { createGameUpdates, subgraphsWithEventsAndIdentity } from '../domain/index.ts'
import { answerHappenings } from './answer-happenings.ts'
import { serveRecorded } from './recorded-subgraph.ts'

const updates = createGameUpdates()
const signingKey = JSON.parse(process.argv[2] ?? '') as JWK
const { addresses } = await serveRecorded(subgraphsWithEventsAndIdentity(updates, signingKey))
answerHappenings(updates)
process.send?.({ addresses })
