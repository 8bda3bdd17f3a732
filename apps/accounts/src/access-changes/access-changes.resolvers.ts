import { mapItems } from '@courtside/events'
import { EVENT_MARK, type EventMark } from '@courtside/subgraph'
import type { Resolvers } from '../generated/graphql.ts'
import type { AccessChangeEvent } from './access-changes.service.ts'

export const accessChangeResolvers = {
  Subscription: {
    accessChanged: {
      subscribe: async (_root, { after }, context) =>
        mapItems(await context.services.accessChanges.watch(context, after ?? null), (event) => ({
          accessChanged: event,
          [EVENT_MARK]: markOf(event),
        })),
    },
  },
} satisfies Resolvers

const markOf = ({ cursor, epoch, seq, kind }: AccessChangeEvent): EventMark => ({
  kind: 'place',
  cursor,
  epoch,
  seq,
  snapshot: kind === 'SNAPSHOT',
})
