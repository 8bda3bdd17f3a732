import type { PublicError } from '../../errors/index.ts'
import type { Telling } from '../../subscriptions/index.ts'
import { toLaneAnswer } from '../lane-answer.ts'
import type { ErrorPublisher } from '../publish-errors.ts'
import type { PayloadTexts } from './to-runnable.ts'

/** A subscription has one root field: where that is null nothing of the event is told. */
const NOTHING = /^(?:null|\{"\w+":null\})$/

/** An event is told in the words of an answer. */
export function createPayloadTexts(errors: ErrorPublisher): PayloadTexts {
  return {
    of({ data, errors: faults, holes }, reader) {
      if (faults.length === 0 && holes.length === 0 && data !== 'null') {
        return { text: `{"data":${data}}`, told: 'whole', retryable: false }
      }
      const told = [...errors.publish(faults, reader), ...errors.publishHoles(holes, data === 'null', reader)]
      return toTelling(data, told)
    },
    ofFault: (fault, reader) => toTelling('null', [errors.publishFault(fault, reader)]),
  }
}

function toTelling(data: string, errors: readonly PublicError[]): Telling {
  return {
    text: toLaneAnswer({ data, errors }).body,
    told: NOTHING.test(data) ? 'nothing' : 'part',
    // One is enough: what may go well another time may be what took the rest with it.
    retryable: errors.some(({ extensions }) => extensions['retryable'] === true),
  }
}
