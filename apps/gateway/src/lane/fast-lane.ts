import type { CompiledOperation } from '@courtside/federation'
import type { CachePolicy } from '../caching/index.ts'
import type { Caller } from '../transports/index.ts'
import { type LaneAnswer, toLaneAnswer, toWholeAnswer } from './lane-answer.ts'
import type { LaneRequest } from './lane-request.ts'
import type { ErrorPublisher } from './publish-errors.ts'

/** Runs an operation that has been compiled, straight to the text of its answer. The variables have been checked. */
export async function runCompiled(
  operation: CompiledOperation<Caller>,
  { variables, caller }: Pick<LaneRequest, 'variables' | 'caller'>,
  policy: CachePolicy | null,
  errors: ErrorPublisher,
): Promise<LaneAnswer> {
  const { data, errors: faults, holes } = await operation.execute(variables, caller)
  if (faults.length === 0 && holes.length === 0) return toWholeAnswer(data, policy)
  return toLaneAnswer({
    data,
    errors: [...errors.publish(faults, caller), ...errors.publishHoles(holes, data === 'null', caller)],
  })
}
