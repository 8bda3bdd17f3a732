import { sendJson, sendRefusal, type Route } from '@courtside/http'
import { isDomainError } from '@courtside/kernel'
import type { Authentication } from '../authentication/index.ts'

/** The public keys of our access tokens, so that other services can check them without asking us. */
export function jwksRoute(authentication: Pick<Authentication, 'publicKeys'>): Route {
  return {
    path: '/.well-known/jwks.json',
    async handle(_request, response) {
      try {
        const keys = await authentication.publicKeys()
        response.setHeader('cache-control', 'public, max-age=60')
        sendJson(response, 200, { keys })
      } catch (error) {
        if (!isDomainError(error)) throw error
        sendRefusal(response, 503, error.code, 'The keys cannot be had at the moment. Try again shortly.')
      }
    },
  }
}
