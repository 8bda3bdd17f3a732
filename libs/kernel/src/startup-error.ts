/**
 * A process cannot start, for a reason its operator can mend. The message is the whole output they get:
 * one sentence that says what is wrong and one that says what to do.
 */
export class StartupError extends Error {
  override readonly name = 'StartupError'
}
