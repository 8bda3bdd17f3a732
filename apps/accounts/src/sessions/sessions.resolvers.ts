import type { Resolvers } from '../generated/graphql.ts'
import { isSignedIn } from './session.ts'

export const sessionResolvers: Resolvers = {
  Mutation: {
    signUp: (_root, { input }, context) => context.services.signUp.signUp(context, input),
    signIn: (_root, { input }, context) => context.services.signIn.signIn(context, input),
    refreshSession: (_root, { input }, context) => context.services.signIn.refreshSession(context, input),
    signOut: async (_root, { input }, context) => ({
      endedSessionId: await context.services.sessions.signOut(context, input),
    }),
    revokeSession: async (_root, { input }, context) => ({
      endedSessionId: await context.services.sessions.revokeSession(context, input),
    }),
    revokeOtherSessions: async (_root, { input }, context) => ({
      endedSessionIds: await context.services.sessions.revokeOtherSessions(context, input),
    }),
    revokeUserSessions: async (_root, { input }, context) => ({
      endedSessionCount: (await context.services.sessions.revokeSessionsOf(context, input)).length,
    }),
  },
  Me: {
    sessions: ({ id }, args, context) => context.services.sessions.sessionsOf(context, id, args),
  },
  Session: {
    lastUsedAt: ({ lastAccessedAt }) => lastAccessedAt,
    expiresAt: ({ idleExpiresAt }) => idleExpiresAt,
    isCurrent: ({ id }, _args, { principal }) => id === principal.sessionId,
  },
  SignedIn: {
    me: ({ account }) => account,
  },
  SignInResult: {
    __resolveType: (result) => (isSignedIn(result) ? 'SignedIn' : 'SignInRefused'),
  },
  SignUpResult: {
    __resolveType: (result) => (isSignedIn(result) ? 'SignedIn' : 'SignUpRefused'),
  },
  RefreshSessionResult: {
    __resolveType: (result) => (isSignedIn(result) ? 'SignedIn' : 'SessionOver'),
  },
}
