import type { IncomingMessage, ServerResponse } from 'node:http'
import { BodyTooLargeError, discardBody, type Route } from '@courtside/http'
import { isDomainError } from '@courtside/kernel'
import { createLazyLogger, type Logger } from '@courtside/logger'
import { assertAccess } from '../access/index.ts'
import type { Authenticated, Authentication } from '../authentication/index.ts'
import { refuse, RequestRefusal, toPublicError, toRefusal } from '../errors/index.ts'
import type { GraphVersion } from '../graph-version.ts'
import { cacheControlOf, varyOf } from '../caching/index.ts'
import type { LaneAnswer } from '../lane/index.ts'
import {
  assertCleanVariables,
  assertDemand,
  budgetHolder,
  type Charge,
  type CostBudget,
  type Limits,
  measureDemand,
  readingCost,
  wantsCost,
} from '../limits/index.ts'
import { type AccessLogOptions, recordRequest, type RequestRecord } from '../observability/index.ts'
import { chooseOperation, type PreparedOperation } from '../operations/index.ts'
import type { PersistedDocuments, Safelist } from '../safelist/index.ts'
import type { LiveVersion } from '../supergraph/index.ts'
import { type Cancellation, type Caller, ClientPresence } from '../transports/index.ts'
import { clientAddressOf } from './client-address.ts'
import { applyCors, type IsAllowedOrigin, VARY } from './cors.ts'
import { assertDeliberate, type GraphqlParams, readParams } from './graphql-params.ts'
import { chooseMediaType, wantsPage } from './media-type.ts'
import { assertWithinRate, type RateLimitOptions } from './rate-limits.ts'
import { requestIdOf } from './request-id.ts'
import { sendReply, sendRequestRefusal, statusFor } from './respond.ts'

export interface GraphqlRouteOptions {
  graph: LiveVersion<GraphVersion>
  authentication: Authentication
  safelist: Safelist
  persistedDocuments: PersistedDocuments
  costBudget: CostBudget
  limits: Limits
  rateLimits: RateLimitOptions
  isAllowedOrigin: IsAllowedOrigin
  trustProxy: boolean
  production: boolean
  accessLog: AccessLogOptions
  log: Logger
  /** How long all calls to subgraphs of one request may take together. */
  deadlineMs: number
  /** What a person sees who opens the endpoint in a browser. */
  landingPage: ((response: ServerResponse) => void) | null
}

interface RequestToRun {
  params: GraphqlParams
  authenticated: Authenticated
  caller: Caller
  method: string
  record: RequestRecord
  showPlan: boolean
}

interface Ran {
  answer: LaneAnswer
  charge: Charge
}

/** `/graphql`: from headers to an answer, cheapest check first, so that what is refused has cost little. */
export function graphqlRoute(options: GraphqlRouteOptions): Route {
  const { graph, authentication, safelist, persistedDocuments, limits, landingPage } = options

  const identify = async (request: IncomingMessage, requestId: string, clientAddress: string) => {
    const { authorization, 'x-api-key': apiKey } = request.headers
    const headers = { authorization, 'x-api-key': typeof apiKey === 'string' ? apiKey : undefined }
    const authenticated = await authentication.authenticate({ headers, clientAddress, requestId })
    await assertWithinRate(authenticated, clientAddress, options.rateLimits)
    return authenticated
  }

  const run = (request: RequestToRun) =>
    graph.use(async ({ documents, lanes }): Promise<Ran> => {
      const { params, authenticated, caller, method, record, showPlan } = request
      const { variables } = params
      const requested = persistedDocuments.resolve(params)
      safelist.assertListed(requested, authenticated.allowedOperations)
      const holder = budgetHolder(caller.principal, caller.clientAddress ?? '')
      const charge = (cost: number) => options.costBudget.charge(holder, cost, authenticated.costPerMinute)
      const isListed = requested.hash !== null && safelist.textOf(requested.hash) !== undefined
      if (!isListed && !documents.isPrepared(requested.text)) await charge(readingCost(requested.text))
      const document = documents.prepare(requested.text, caller.principal.kind !== 'anonymous')
      const operation = chooseOperation(document, params.operationName)
      record.operation = operation
      assertMethodFits(operation, method)
      assertCleanVariables(variables, limits)
      const demand = measureDemand(operation.demand, variables)
      assertDemand(demand, limits)
      assertAccess(operation.requires, caller.principal)
      persistedDocuments.remember(requested)
      const compiling = isListed || lanes.isReady(operation) ? 0 : operation.compilingCost
      if (compiling > 0) await charge(compiling)
      const charged = await charge(demand.cost)
      const answer = await lanes.execute({
        document,
        operation,
        variables,
        // Nobody takes back a mutation by leaving.
        caller: operation.type === 'query' ? caller : { ...caller, cancellation: null },
        showPlan,
      })
      return { answer, charge: charged }
    })

  return {
    path: '/graphql',
    async handle(request, response, search) {
      const requestId = requestIdOf(request.headers['x-request-id'])
      response.setHeader('x-request-id', requestId)
      if (applyCors(request, response, options.isAllowedOrigin)) return
      if (landingPage && request.method === 'GET' && !search && wantsPage(request.headers.accept)) {
        return landingPage(response)
      }
      const log = createLazyLogger(options.log, { 'request.id': requestId })
      const record = recordRequest(response, log, options.accessLog)
      const mediaType = chooseMediaType(request.headers.accept)
      try {
        assertDeliberate(request)
        if (mediaType === null) throw notAcceptable()
        const clientAddress = clientAddressOf(request, options.trustProxy)
        const authenticated = await identify(request, requestId, clientAddress)
        const { principal } = authenticated
        record.principal = principal
        const params = await readParams(request, search, limits.bodyBytes)
        const caller: Caller = {
          principal,
          requestId,
          clientAddress,
          clientAgent: request.headers['user-agent']?.slice(0, 500) ?? null,
          log: log.child({ 'principal.kind': principal.kind, 'user.id': principal.userId }),
          trace: record.trace,
          cancellation: presenceOf(response),
          deadline: performance.now() + options.deadlineMs,
        }
        const showPlan =
          !options.production && request.headers['apollo-query-plan-experimental'] !== undefined
        const method = request.method ?? 'GET'
        const ran = await run({ params, authenticated, caller, method, record, showPlan })
        const { answer } = ran
        const withCost = wantsCost(request.headers)
        // What it cost is told to one alone.
        const mayBeKept = answer.outcome === 'ok' && !withCost
        response.setHeader('vary', varyOf(answer.policy, mayBeKept, VARY))
        record.outcome = answer.outcome
        record.code = answer.code
        await sendReply(request, response, {
          status: statusFor(answer.status, answer.code, mediaType),
          mediaType,
          body: bodyOf(ran, withCost),
          cacheControl: cacheControlOf(answer.policy, mayBeKept),
        })
      } catch (error) {
        // Who left while sending has no use for an answer; the HTTP edge sees to the connection.
        if (request.destroyed && !request.complete) throw error
        const refusal = toKnownRefusal(error) ?? toMasked(error, log)
        record.outcome = refusal.status >= 500 ? 'failed' : 'refused'
        record.code = refusal.code
        // A small body is dropped by the server itself, and the connection lives on.
        if (!isSmall(request, limits)) await discardBody(request, response)
        await sendRequestRefusal(request, response, mediaType, refusal)
      }
    },
  }
}

/** A shared answer says nothing of what it cost each of those that it is for, so that is put behind it here. */
function bodyOf({ answer, charge }: Ran, withCost: boolean): string {
  const { body, extensions } = answer
  if (!withCost && !extensions) return body
  return `${body.slice(0, -1)},"extensions":${JSON.stringify({ ...extensions, ...(withCost && { cost: charge }) })}}`
}

/** Null for what nobody expected. */
function toKnownRefusal(error: unknown): RequestRefusal | null {
  if (error instanceof RequestRefusal) return error
  if (isDomainError(error)) return toRefusal(error)
  if (error instanceof BodyTooLargeError) {
    const { message, limit, actual } = error
    return new RequestRefusal(413, [{ message, extensions: { code: 'BODY_TOO_LARGE', limit, actual } }])
  }
  return null
}

function toMasked(cause: unknown, log: Logger): RequestRefusal {
  const message = cause instanceof Error ? cause.message : String(cause)
  const { error, unexpected } = toPublicError({ message }, { hideSuggestions: true })
  log.error({ err: cause, 'error.id': unexpected?.errorId }, 'Unexpected error')
  return new RequestRefusal(500, [error])
}

function isSmall({ headers }: IncomingMessage, { bodyBytes }: Limits): boolean {
  return headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) <= bodyBytes
}

function assertMethodFits({ type }: PreparedOperation, method: string): void {
  if (type === 'subscription') {
    throw refuse(
      400,
      'SUBSCRIPTION_NOT_STREAMED',
      'A subscription has many answers; this request can carry one.',
    )
  }
  if (method === 'GET' && type !== 'query') {
    throw refuse(405, 'METHOD_NOT_ALLOWED', 'A mutation must be sent by POST.', { allow: 'POST' })
  }
}

function notAcceptable(): RequestRefusal {
  return refuse(
    406,
    'NOT_ACCEPTABLE',
    'The answer is application/graphql-response+json or application/json. Accept one of them.',
  )
}

/** Cancelled when the client leaves before it has its answer. */
function presenceOf(response: ServerResponse): Cancellation {
  const presence = new ClientPresence()
  // It may have left while its body was read or its credential looked up.
  if (response.destroyed) presence.cancel()
  response.once('close', () => {
    if (!response.writableFinished) presence.cancel()
  })
  return presence
}
