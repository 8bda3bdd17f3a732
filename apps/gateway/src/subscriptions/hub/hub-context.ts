import type { Logger } from '@courtside/logger'
import type { PublicError } from '../../errors/index.ts'
import type { Caller, EventReceiver, Listening } from '../../transports/index.ts'
import type { RunnableSubscription } from '../operation/index.ts'
import type { HubLimits } from './hub-limits.ts'
import type { HubTimers } from './hub-timers.ts'
import type { OutageLog } from './outage-log.ts'
import type { HubFigures } from './subscription-hub.ts'
import type { ReplaySlots } from './replay-slots.ts'
import type { Turns } from './turns.ts'

export type OpenUpstream = (
  subscription: RunnableSubscription,
  after: string | null,
  receiver: EventReceiver,
) => Listening

/** What a subgraph refused with, as a client may see it. */
export type PublishErrors = (
  errors: Parameters<EventReceiver['refused']>[0],
  reader: Caller,
) => readonly PublicError[]

export type Counts = { -readonly [Figure in Exclude<keyof HubFigures, 'topics'>]: HubFigures[Figure] } & {
  /** Each has an upstream, or will have one again. */
  channels: number
}

/** What all topics of a hub share. */
export interface HubContext {
  readonly open: OpenUpstream
  readonly publish: PublishErrors
  readonly timers: HubTimers
  readonly random: () => number
  readonly limits: HubLimits
  readonly turns: Turns
  readonly slots: ReplaySlots
  readonly counts: Counts
  readonly outages: OutageLog
  readonly log: Logger
  readonly onSent: (seconds: number) => void
}
