/** What a client is sent about one event, made once for all of them. */
export interface Payload {
  /** The JSON text of the execution result, in UTF-8. */
  readonly text: Buffer
  /** To come back with after it; null in a stream without places. */
  readonly cursor: string | null
}

/**
 * Events that wait for the same clients and go to each of them in one write. What a transport makes of them is kept
 * here, so that it is made once and not for each client.
 */
export class Batch {
  readonly payloads: readonly Payload[]
  readonly #encodings = new Map<unknown, unknown>()

  constructor(payloads: readonly Payload[]) {
    this.payloads = payloads
  }

  /** `encode` is the same function for all who want the same. */
  encoded<Encoding>(encode: (payloads: readonly Payload[]) => Encoding): Encoding {
    const known = this.#encodings.get(encode) as Encoding | undefined
    if (known !== undefined) return known
    const made = encode(this.payloads)
    this.#encodings.set(encode, made)
    return made
  }
}
