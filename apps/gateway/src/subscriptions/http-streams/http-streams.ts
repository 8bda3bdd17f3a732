import type { ServerResponse } from 'node:http'
import type { Logger } from '@courtside/logger'
import type { CredentialHeaders } from '../../authentication/index.ts'
import type { GraphqlParams, StreamType } from '../../edge/index.ts'
import { RequestRefusal, refusalOf, toRefusal } from '../../errors/index.ts'
import {
  type CredentialHolder,
  type CredentialWatch,
  SwapList,
  systemTimers,
  type Timers,
} from '../connections/index.ts'
import { budgetHolder } from '../../limits/index.ts'
import type { LiveOperations } from '../live-operation/index.ts'
import { eventStream } from './event-stream.ts'
import { HttpStream } from './http-stream.ts'
import { DRAINING } from './interruptions.ts'
import { multipartMixed } from './multipart-mixed.ts'
import type { StreamFormat } from './stream-format.ts'
import { createStreamRoom, type StreamRoomOptions } from './stream-room.ts'

export interface StreamRequest {
  readonly type: StreamType
  readonly params: GraphqlParams
  readonly headers: CredentialHeaders
  readonly clientAddress: string
  readonly clientAgent: string | null
  readonly requestId: string
  /** Last-Event-ID: where its client stopped reading. */
  readonly lastEvent: string | null
  readonly isReadOnly: boolean
  readonly log: Logger
  /** The client takes nothing but a stream, so that a refusal has to be told in one too. */
  readonly isStreamOnly: boolean
}

/** Operations whose answers follow each other on one HTTP response. */
export interface HttpStreams {
  /**
   * Resolves when the stream has begun, with the refusal when it could do no more than tell it. Rejects while nothing
   * has been sent.
   */
  serve(response: ServerResponse, request: StreamRequest): Promise<RequestRefusal | null>
  /** How many are open. */
  readonly open: number
  /** Ends all of them, spread over this time so that their clients do not come back all at once. */
  drain(withinMs: number): Promise<void>
}

export interface HttpStreamsOptions {
  live: LiveOperations
  credentials: Pick<CredentialWatch, 'hold'>
  /** More are refused. Default: 10,000 of all, 200 of one. */
  room?: StreamRoomOptions
  /** A client that takes nothing for this long is left. Default: 30 s. */
  patienceMs?: number
  timers?: Timers
}

const FORMATS: Readonly<Record<StreamType, StreamFormat>> = {
  'text/event-stream': eventStream,
  'multipart/mixed': multipartMixed,
}
const TEND_EVERY_MS = 1_000
const DRAIN_STEP_MS = 50

export function createHttpStreams(options: HttpStreamsOptions): HttpStreams {
  const { live, credentials, patienceMs = 30_000, timers = systemTimers } = options
  const room = createStreamRoom(options.room ?? { most: 10_000, mostOfOne: 200 })
  const streams = new SwapList<HttpStream>()
  let stopTending: (() => void) | null = null
  let isDraining = false
  const emptied = Promise.withResolvers<void>()

  const tend = () => {
    const now = timers.now()
    streams.each((stream) => stream.tend(now))
  }
  const add = (stream: HttpStream) => {
    streams.add(stream)
    stopTending ??= timers.every(TEND_EVERY_MS, tend)
  }
  const remove = (stream: HttpStream) => {
    streams.remove(stream)
    if (streams.size > 0) return
    stopTending?.()
    stopTending = null
    if (isDraining) emptied.resolve()
  }
  const begin = async (
    stream: HttpStream,
    holder: CredentialHolder,
    request: StreamRequest,
  ): Promise<RequestRefusal | null> => {
    try {
      stream.open(await live.begin({ ...request, holder, isCounted: true }, stream))
      return null
    } catch (error) {
      if (!request.isStreamOnly && stream.abandon()) throw error
      const refusal = refusalOf(error, request.log)
      stream.failed(refusal.errors)
      return refusal
    }
  }

  return {
    async serve(response, request) {
      if (isDraining) throw new RequestRefusal(503, [DRAINING], { connection: 'close' })
      const { headers, clientAddress, requestId } = request
      const holder = await credentials.hold({ headers, clientAddress, requestId })
      let leave: () => void
      try {
        leave = room.enter(budgetHolder(holder.authenticated.principal, clientAddress))
      } catch (error) {
        holder.release()
        throw error
      }
      const stream = new HttpStream({
        response,
        format: FORMATS[request.type],
        now: timers.now,
        patienceMs,
        onEnd() {
          remove(stream)
          leave()
          holder.release()
        },
      })
      add(stream)
      if (isDraining) stream.drain()
      holder.onEnd((reason) => stream.failed(toRefusal(reason).errors))
      return begin(stream, holder, request)
    },
    get open() {
      return streams.size
    },
    drain(withinMs) {
      isDraining = true
      if (streams.size === 0) return Promise.resolve()
      const leaving = streams.all()
      const each = Math.max(
        1,
        Math.ceil((leaving.length * DRAIN_STEP_MS) / Math.max(withinMs, DRAIN_STEP_MS)),
      )
      const step = () => {
        for (const stream of leaving.splice(0, each)) stream.drain()
        if (leaving.length > 0) timers.after(DRAIN_STEP_MS, step)
      }
      step()
      return emptied.promise
    },
  }
}
