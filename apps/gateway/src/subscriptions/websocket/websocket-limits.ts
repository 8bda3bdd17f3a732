/** What connections may hold and ask for. */
export interface WebSocketLimits {
  /** Open at the same time. */
  readonly connections: {
    /** In this process. */
    readonly process: number
    /** From one address (an IPv6 /64), whoever they are: an office or a mobile network may stand behind it. */
    readonly address: number
    readonly person: number
    /** Of one key, whose owner may serve many people with it. */
    readonly partner: number
  }
  /** From one address, whatever becomes of them: all that may be open can come back three times in a minute. */
  readonly handshakesPerMinute: number
  /** Open at the same time on one connection. */
  readonly operations: number
  readonly frameBytes: number
  /** What a connection may send: so many at once, and after that so many a second. Pings and pongs count. */
  readonly messages: { readonly burst: number; readonly perSecond: number }
  /** A connection that holds more than this is sent no more until it has taken all of it. */
  readonly fullBytes: number
  /** A connection that holds more than this is closed. */
  readonly heldBytes: number
  /** A connection that stays full for so long is closed. */
  readonly fullMs: number
  /** A client has so long to send `connection_init`. */
  readonly initMs: number
  /** Between two pings: proxies close what is silent for a minute. */
  readonly pingMs: number
  /** After the second ping in a row that found no answer the connection has this long. With two pings: 59 s at most. */
  readonly lastChanceMs: number
}

export const DEFAULT_WEBSOCKET_LIMITS: WebSocketLimits = {
  connections: { process: 25_000, address: 2_000, person: 50, partner: 2_000 },
  handshakesPerMinute: 6_000,
  operations: 100,
  frameBytes: 256 * 1024,
  messages: { burst: 300, perSecond: 30 },
  fullBytes: 64 * 1024,
  heldBytes: 1024 * 1024,
  fullMs: 30_000,
  initMs: 10_000,
  pingMs: 25_000,
  lastChanceMs: 8_000,
}
