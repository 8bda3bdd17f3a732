import type { IncomingMessage, ServerResponse } from 'node:http'
import { discardBody, type Route } from '@courtside/http'
import { createLazyLogger, type Logger } from '@courtside/logger'
import { type Admission, assertWithinRate, type RateLimitOptions } from '../admission/index.ts'
import type { Authenticated, Authentication } from '../authentication/index.ts'
import { refusalOf, refuse, type RequestRefusal } from '../errors/index.ts'
import type { GraphVersion } from '../graph-version.ts'
import { cacheControlOf, varyOf } from '../caching/index.ts'
import { type LaneAnswer, withExtensions } from '../lane/index.ts'
import { type Charge, type Limits, wantsCost } from '../limits/index.ts'
import {
  type AccessLogOptions,
  endAtStream,
  recordRequest,
  type RequestRecord,
} from '../observability/index.ts'
import type { PreparedOperation } from '../operations/index.ts'
import type { HttpStreams } from '../subscriptions/index.ts'
import type { LiveVersion } from '../supergraph/index.ts'
import { type Cancellation, type Caller, ClientPresence } from '../transports/index.ts'
import { createAnswerOrder } from './answer-order.ts'
import { clientAddressOf } from './client-address.ts'
import { applyCors, type IsAllowedOrigin, VARY } from './cors.ts'
import { assertDeliberate, type GraphqlParams, readParams } from './graphql-params.ts'
import { acceptedBy, type StreamType, wantsPage } from './media-type.ts'
import { requestIdOf } from './request-id.ts'
import { sendReply, sendRequestRefusal, statusFor } from './respond.ts'
import { assertOwnStream, clientAgentOf, credentialHeaders, toStreamRequest } from './stream-request.ts'

export interface GraphqlRouteOptions {
  graph: LiveVersion<GraphVersion>
  authentication: Pick<Authentication, 'authenticate'>
  admission: Admission
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
  /** Answers subscriptions. Default: nobody does. */
  streams?: HttpStreams
}

interface RequestToRun {
  params: GraphqlParams
  authenticated: Authenticated
  clientAddress: string
  caller: Caller
  method: string
  record: RequestRecord
  showPlan: boolean
  /** How a subscription would be answered; null when this client cannot be streamed any. */
  streamType: StreamType | null
}

interface Ran {
  answer: LaneAnswer
  charge: Charge
}

/** `/graphql`: from headers to an answer, cheapest check first, so that what is refused has cost little. */
export function graphqlRoute(options: GraphqlRouteOptions): Route {
  const { graph, authentication, admission, limits, landingPage, streams } = options
  const order = createAnswerOrder()

  const identify = async (request: IncomingMessage, requestId: string, clientAddress: string) => {
    const headers = credentialHeaders(request)
    const authenticated = await authentication.authenticate({ headers, clientAddress, requestId })
    await assertWithinRate(authenticated, clientAddress, options.rateLimits)
    return authenticated
  }

  /** Null for a subscription that its client can be streamed. */
  const run = (request: RequestToRun) =>
    graph.use(async (version): Promise<Ran | null> => {
      const { params, caller, method, record, showPlan } = request
      const reading = admission.open(version, request)
      const opened = reading instanceof Promise ? await reading : reading
      const { document, operation } = opened
      record.operation = operation
      if (operation.type === 'subscription' && request.streamType !== null) return null
      assertMethodFits(operation, method)
      const charge = await admission.admit(version, request, opened)
      const answer = await version.lanes.execute({
        document,
        operation,
        variables: params.variables,
        // Nobody takes back a mutation by leaving.
        caller: operation.type === 'query' ? caller : { ...caller, cancellation: null },
        showPlan,
      })
      return { answer, charge }
    })

  return {
    path: '/graphql',
    async handle(request, response, search) {
      const place = order.enter(request)
      if (place === null) return void request.socket.destroy()
      const requestId = requestIdOf(request.headers['x-request-id'])
      response.setHeader('x-request-id', requestId)
      if (applyCors(request, response, options.isAllowedOrigin)) return
      if (landingPage && request.method === 'GET' && !search && wantsPage(request.headers.accept)) {
        return landingPage(response)
      }
      const log = createLazyLogger(options.log, { 'request.id': requestId })
      const record = recordRequest(response, log, options.accessLog)
      const accepted = acceptedBy(request.headers.accept)
      const { mediaType } = accepted
      const streamType = streams ? accepted.streamType : null
      try {
        assertDeliberate(request)
        if (mediaType === null && streamType === null) throw notAcceptable()
        if (streamType !== null) assertOwnStream(request, options.isAllowedOrigin)
        const clientAddress = clientAddressOf(request, options.trustProxy)
        const authenticated = await identify(request, requestId, clientAddress)
        const { principal } = authenticated
        record.principal = principal
        const params = await readParams(request, search, limits.bodyBytes)
        const caller: Caller = {
          principal,
          requestId,
          clientAddress,
          clientAgent: clientAgentOf(request),
          log: log.child({ 'principal.kind': principal.kind, 'user.id': principal.userId }),
          trace: record.trace,
          cancellation: presenceOf(response),
          deadline: performance.now() + options.deadlineMs,
        }
        const showPlan =
          !options.production && request.headers['apollo-query-plan-experimental'] !== undefined
        const method = request.method ?? 'GET'
        const ran =
          mediaType === null
            ? null
            : await run({
                params,
                authenticated,
                clientAddress,
                caller,
                method,
                record,
                showPlan,
                streamType,
              })
        if (mediaType === null || ran === null) {
          if (!streams || streamType === null) throw notAcceptable()
          const isStreamOnly = mediaType === null
          const known = { params, type: streamType, requestId, clientAddress, log: caller.log, isStreamOnly }
          if (!order.reserve(request, place)) throw notLast()
          const serving = streams.serve(response, toStreamRequest(request, known))
          serving.catch(() => order.release(request, place))
          const refusal = await serving
          record.outcome = refusal ? 'refused' : 'ok'
          record.code = refusal?.code ?? ''
          return endAtStream(record)
        }
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
        const refusal = refusalOf(error, log)
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
  return withExtensions(body, withCost ? { ...extensions, cost: charge } : extensions)
}

function isSmall({ headers }: IncomingMessage, { bodyBytes }: Limits): boolean {
  return headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) <= bodyBytes
}

function assertMethodFits({ type }: PreparedOperation, method: string): void {
  if (type === 'subscription') {
    throw refuse(
      400,
      'SUBSCRIPTION_NOT_STREAMED',
      'A subscription has many answers. Accept "text/event-stream" or "multipart/mixed;subscriptionSpec=1.0", or use the WebSocket protocol graphql-transport-ws.',
    )
  }
  if (method === 'GET' && type !== 'query') {
    throw refuse(405, 'METHOD_NOT_ALLOWED', 'A mutation must be sent by POST.', { allow: 'POST' })
  }
}

function notLast(): RequestRefusal {
  return refuse(
    400,
    'BAD_REQUEST',
    'Send nothing behind a request whose answer is a stream: the connection ends with it.',
  )
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
