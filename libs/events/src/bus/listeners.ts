import type { Logger } from '@courtside/logger'
import type { BusListener, BusState, BusSubscription } from './bus.ts'
import type { Hint } from './hint.ts'

export interface ListenersOptions {
  log: Logger
  /** Somebody follows a stream that nobody did. Returns whether its hints arrive already. */
  onFollowed(stream: string): boolean
  /** Nobody follows it any more. */
  onUnfollowed(stream: string): void
  /** Whether hints of a stream that is followed already arrive. */
  isHeard(stream: string): boolean
}

/** Who listens in this process, and to what. */
export interface Listeners {
  add(listener: BusListener): BusSubscription
  isFollowed(stream: string): boolean
  dispatch(hint: Hint): void
  missed(streams: readonly string[] | 'all'): void
  changed(state: BusState): void
  clear(): void
}

export function createListeners(options: ListenersOptions): Listeners {
  const { log, onFollowed, onUnfollowed, isHeard } = options
  const all = new Set<BusListener>()
  const followers = new Map<string, Set<BusListener>>()

  /** The failure of one listener must not cost the others their hint. */
  const tell = (listener: BusListener, telling: (listener: BusListener) => void) => {
    try {
      telling(listener)
    } catch (error) {
      log.error({ err: error }, 'A listener of the bus failed')
    }
  }

  const unfollow = (listener: BusListener, stream: string) => {
    const those = followers.get(stream)
    if (!those?.delete(listener) || those.size > 0) return
    followers.delete(stream)
    onUnfollowed(stream)
  }

  return {
    add(listener) {
      // An object of its own, so that one listener may be added twice.
      const own: BusListener = {
        onHint: (hint) => listener.onHint(hint),
        onMissed: (streams) => listener.onMissed?.(streams),
        onState: (state) => listener.onState?.(state),
      }
      const streams = new Set<string>()
      all.add(own)
      return {
        follow(stream) {
          if (!all.has(own)) return false
          streams.add(stream)
          const those = followers.get(stream)
          if (those) {
            those.add(own)
            return isHeard(stream)
          }
          followers.set(stream, new Set([own]))
          return onFollowed(stream)
        },
        unfollow(stream) {
          streams.delete(stream)
          unfollow(own, stream)
        },
        close() {
          all.delete(own)
          for (const stream of streams) unfollow(own, stream)
          streams.clear()
        },
      }
    },
    isFollowed: (stream) => followers.has(stream),
    dispatch(hint) {
      for (const listener of followers.get(hint.stream) ?? []) tell(listener, (one) => one.onHint(hint))
    },
    missed(streams) {
      for (const listener of all) tell(listener, (one) => one.onMissed?.(streams))
    },
    changed(state) {
      for (const listener of all) tell(listener, (one) => one.onState?.(state))
    },
    clear() {
      all.clear()
      followers.clear()
    },
  }
}
