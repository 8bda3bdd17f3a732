/** Something the person at the keyboard can mend. The message says what is wrong and what to do. */
export class BootstrapError extends Error {
  constructor(message, exitCode = 1) {
    super(message)
    this.exitCode = exitCode
  }
}
