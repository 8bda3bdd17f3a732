import type { Metrics } from '@courtside/http'
import type { Passwords } from '../passwords/index.ts'
import type { SignInThrottles } from '../sign-in-throttles/index.ts'
import { createRegistrar } from './registration.ts'
import { createSessionIssuer, type SessionIssuerDependencies } from './session-issuer.ts'
import { sessionResolvers } from './sessions.resolvers.ts'
import { createSessionsService, type SessionsDependencies, type SessionsService } from './sessions.service.ts'
import { createSignInRecords } from './sign-in-records.ts'
import { createSignInService, type SignInService } from './sign-in.service.ts'
import { createSignUpService, type SignUpService } from './sign-up.service.ts'

export { createRefreshToken, hashOfToken, sessionIdOf } from './refresh-token.ts'
export { externalSessionRepository } from './external-session.repository.ts'
export { ACCESS_TOKEN_LIFETIME_MS, isAlive, isTouchDue } from './session.policy.ts'
export { sessionRepository } from './session.repository.ts'
export type { Session, SessionOver, SignedIn, SignInRefusal, SignUpRefusal } from './session.ts'
export { refusal } from './registration.ts'
export type { SessionList, SessionsService } from './sessions.service.ts'
export type { SignInService } from './sign-in.service.ts'
export type { SignUpService } from './sign-up.service.ts'

export interface SessionsModule {
  sessions: SessionsService
  signIn: SignInService
  signUp: SignUpService
  resolvers: typeof sessionResolvers
}

/** Signing up, in and out, and the devices on which somebody is signed in. */
export function createSessionsModule(
  dependencies: SessionsDependencies &
    SessionIssuerDependencies & {
      passwords: Passwords
      throttles: SignInThrottles
      metrics?: Metrics | undefined
    },
): SessionsModule {
  const issuer = createSessionIssuer(dependencies)
  const record = createSignInRecords(dependencies.metrics)
  const registrar = createRegistrar(dependencies)
  return {
    sessions: createSessionsService(dependencies),
    signIn: createSignInService({ ...dependencies, issuer, record }),
    signUp: createSignUpService({ ...dependencies, issuer, registrar }),
    resolvers: sessionResolvers,
  }
}
