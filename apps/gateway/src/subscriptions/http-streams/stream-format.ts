import type { PublicError } from '../../errors/index.ts'
import type { Payload } from '../hub/index.ts'

/** How answers follow each other on one response. */
export interface StreamFormat {
  readonly contentType: string
  /** What goes before all else. */
  readonly opening: Buffer
  /** Says that the connection lives: proxies close what is silent, and clients take it for dead. */
  readonly heartbeat: Buffer
  readonly heartbeatMs: number
  /** The same function each time: what it makes is shared by all clients of a batch. */
  readonly encode: (payloads: readonly Payload[]) => Buffer
  /** The only answer, and the end. */
  answered(body: string): Buffer
  /** There is no more to tell. */
  readonly completed: Buffer
  /** The operation cannot go on. Asked again it would fail again. */
  failed(errors: readonly PublicError[]): Buffer
  /** The connection ends, and not what it is about: whoever connects again can go on. */
  interrupted(error: PublicError): Buffer
  /** The same, because the gateway stops. Null: clients come back by themselves when the connection ends. */
  readonly drained: Buffer | null
}
