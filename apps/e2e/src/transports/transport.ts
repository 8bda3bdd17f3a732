/** A subscription as a client asks for it. */
export interface SubscriptionRequest {
  /** Of the graph, without a path. */
  url: string
  query: string
  variables: Readonly<Record<string, unknown>>
  /** The address that the client comes from, as the proxy tells it. */
  address: string
  /** Beside what the protocol needs: a credential, for example. Default: none. */
  headers?: Readonly<Record<string, string>>
}

export interface Receiver {
  /** `errors` say why parts of the data are missing. */
  next(data: unknown, errors: readonly ResultError[]): void
  /** Once, whatever ended it; nothing comes after. */
  ended(reason: string): void
}

/** One way to receive events. Returns what ends it from this side, after which nothing comes any more. */
export type Transport = (request: SubscriptionRequest, receiver: Receiver) => () => void

/** What every transport carries. */
export interface Result {
  data?: unknown
  errors?: readonly ResultError[] | undefined
}

export interface ResultError {
  message: string
  path?: readonly (string | number)[] | undefined
  extensions?: Readonly<Record<string, unknown>> | undefined
}

/** By their codes, as clients tell them apart, and for those who read a failed test. */
export function describeErrors(errors: readonly ResultError[]): string {
  return errors.map(({ message, extensions }) => `${String(extensions?.['code'])}: ${message}`).join(' ')
}

/** Hands on what came; errors in place of all data end a subscription: nothing can be counted on after them. */
export function receive({ data, errors }: Result, receiver: Receiver): 'on' | 'ended' {
  if (errors === undefined || (data !== undefined && data !== null)) {
    receiver.next(data, errors ?? [])
    return 'on'
  }
  receiver.ended(describeErrors(errors))
  return 'ended'
}

/** Lets only the first end through, and nothing behind it. */
export function once(receiver: Receiver): Receiver & { readonly isOver: boolean } {
  let isOver = false
  return {
    get isOver() {
      return isOver
    },
    next(data, errors) {
      if (!isOver) receiver.next(data, errors)
    },
    ended(reason) {
      if (isOver) return
      isOver = true
      receiver.ended(reason)
    },
  }
}
