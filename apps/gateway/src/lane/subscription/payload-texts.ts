import { toLaneAnswer } from '../lane-answer.ts'
import type { ErrorPublisher } from '../publish-errors.ts'
import type { PayloadTexts } from './to-runnable.ts'

/** An event is told in the words of an answer. */
export function createPayloadTexts(errors: ErrorPublisher): PayloadTexts {
  return {
    of({ data, errors: faults, holes }, reader) {
      if (faults.length === 0 && holes.length === 0) return `{"data":${data}}`
      const told = [...errors.publish(faults, reader), ...errors.publishHoles(holes, data === 'null', reader)]
      return toLaneAnswer({ data, errors: told }).body
    },
    ofFault: (fault, reader) =>
      toLaneAnswer({ data: 'null', errors: [errors.publishFault(fault, reader)] }).body,
  }
}
