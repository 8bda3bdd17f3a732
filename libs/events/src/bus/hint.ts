import type { Fact } from '../fact.ts'

/** Says that a stream has come this far. */
export interface BareHint {
  readonly stream: string
  readonly epoch: number
  readonly seq: number
}

/** With the fact itself, where it is small enough: who has it need not read the log. */
export type Hint = Fact | BareHint

export const isFact = (hint: Hint): hint is Fact => 'type' in hint
