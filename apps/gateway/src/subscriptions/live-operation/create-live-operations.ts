import {
  type Admission,
  assertWithinRate,
  type Opened,
  type RateLimitOptions,
} from '../../admission/index.ts'
import { refuse } from '../../errors/index.ts'
import { budgetHolder } from '../../limits/index.ts'
import type { HeldVersion, LiveVersion } from '../../supergraph/index.ts'
import { type Caller, ClientPresence } from '../../transports/index.ts'
import { SwapList, systemTimers, type Timers } from '../connections/index.ts'
import type { SubscriptionHub } from '../hub/index.ts'
import type { LiveGraph } from './live-graph.ts'
import type { LiveObserver } from './live-observer.ts'
import type { LiveOperation, LiveOperations, LiveOutlet, LiveRequest } from './live-operations.ts'
import { LiveSubscription, type LiveSubscriptionParts } from './live-subscription.ts'
import { SingleAnswer } from './single-answer.ts'
import { spread } from './spread.ts'
import { createStandingDemand, DEFAULT_STANDING_LIMITS, type StandingLimits } from './standing-demand.ts'

export interface LiveOperationsOptions {
  graph: Pick<LiveVersion<LiveGraph>, 'hold' | 'onReplaced'>
  admission: Admission
  hub: Pick<SubscriptionHub, 'subscribe'>
  rateLimits: RateLimitOptions
  /** How long all calls to subgraphs of one query or mutation may take together. */
  deadlineMs: number
  observer: LiveObserver
  /** Default: `DEFAULT_STANDING_LIMITS`. */
  standingLimits?: StandingLimits
  /** Over this time subscriptions move to a new version of the graph. Default: 1 s. */
  spreadMs?: number
  /** Default: those of the system. */
  timers?: Timers
}

export interface ServedLiveOperations extends LiveOperations {
  /** Subscriptions that are open. */
  readonly open: number
  /**
   * Ends what its transports have left, which are told nothing. Before the graph is stopped: it would wait for them.
   */
  stop(): void
}

/** Live operations on the graph that is current, which they follow for as long as the graph does. */
export function createLiveOperations(options: LiveOperationsOptions): ServedLiveOperations {
  const { graph, admission, hub, observer, spreadMs = 1_000, timers = systemTimers } = options
  const open = new SwapList<LiveSubscription>()
  const standing = createStandingDemand(options.standingLimits ?? DEFAULT_STANDING_LIMITS)

  const forgetGraph = graph.onReplaced(() => {
    spread(open.all(), spreadMs, timers, (subscription) => subscription.followGraph())
  })

  const admit = async (held: HeldVersion<LiveGraph>, request: LiveRequest) => {
    const asked = toAdmission(request)
    const opened = await admission.open(held.version, asked)
    if (request.isReadOnly && opened.operation.type === 'mutation') {
      throw refuse(405, 'METHOD_NOT_ALLOWED', 'A mutation must be sent by POST.', { allow: 'POST' })
    }
    const { requested: cost } = await admission.admit(held.version, asked, opened)
    return { opened, cost }
  }

  const answer = (
    held: HeldVersion<LiveGraph>,
    { document, operation }: Opened,
    request: LiveRequest,
    outlet: LiveOutlet,
  ): LiveOperation => {
    const presence = new ClientPresence()
    // Nobody takes back a mutation by leaving.
    const cancellation = operation.type === 'query' ? presence : null
    const deadline = performance.now() + options.deadlineMs
    const answer = held.version.lanes.execute({
      document,
      operation,
      variables: request.params.variables,
      caller: { ...toCaller(request), cancellation, deadline },
      showPlan: false,
    })
    return new SingleAnswer({ answer, held, presence, outlet, log: request.log })
  }

  const run = (lanes: LiveGraph['lanes'], { document, operation }: Opened, request: LiveRequest) =>
    lanes.subscription({
      document,
      operation,
      variables: request.params.variables,
      caller: toCaller(request),
    })
  const parts: LiveSubscriptionParts = {
    graph,
    hub,
    observer,
    readmit: ({ version }, request) =>
      run(version.lanes, admission.readmit(version, toAdmission(request)), request).subscription,
    onEnd: (subscription) => open.remove(subscription),
  }

  const subscribe = (
    held: HeldVersion<LiveGraph>,
    opened: Opened,
    cost: number,
    request: LiveRequest,
    outlet: LiveOutlet,
  ) => {
    const { subscription, after } = run(held.version.lanes, opened, request)
    const { principal } = request.holder.authenticated
    const holder = budgetHolder(principal, request.clientAddress)
    const place = standing.enter(holder, subscription.topic, cost)
    // The text may be in no cache any more when the graph changes, and equal ones need not be kept for each client.
    const lasting: LiveRequest = { ...request, params: { ...request.params, query: opened.document.text } }
    let live: LiveSubscription
    try {
      live = new LiveSubscription(parts, {
        request: lasting,
        outlet,
        held,
        subscription,
        after,
        standing: place,
      })
    } catch (error) {
      place.leave()
      throw error
    }
    open.add(live)
    request.log.debug({ 'operation.name': opened.operation.name ?? undefined }, 'A subscription began')
    return live
  }

  return {
    async begin(request, outlet) {
      const { holder, clientAddress } = request
      if (!request.isCounted) await assertWithinRate(holder.authenticated, clientAddress, options.rateLimits)
      let held = graph.hold()
      try {
        const admitted = await admit(held, request)
        let { opened } = admitted
        if (held.isSuperseded) {
          // Nobody would tell it later. From here on nothing is waited for.
          held.release()
          held = graph.hold()
          opened = admission.readmit(held.version, toAdmission(request))
        }
        return opened.operation.type === 'subscription'
          ? subscribe(held, opened, admitted.cost, request, outlet)
          : answer(held, opened, request, outlet)
      } catch (error) {
        held.release()
        throw error
      }
    },
    get open() {
      return open.size
    },
    stop() {
      forgetGraph()
      open.each((subscription) => subscription.stop())
    },
  }
}

function toAdmission({ params, holder, clientAddress }: LiveRequest) {
  return { params, authenticated: holder.authenticated, clientAddress }
}

function toCaller({ holder, requestId, clientAddress, clientAgent, log }: LiveRequest): Caller {
  const { principal } = holder.authenticated
  return { principal, requestId, clientAddress, clientAgent, log, cancellation: null }
}
