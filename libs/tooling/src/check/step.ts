export interface Failure {
  /** Every fault with its place. */
  output: string
  /** What to do about it, in one line. */
  mend: string
}

export interface Step {
  /** For `--only` and the report. */
  name: string
  /** Whether it can look at some files alone. */
  takesFiles?: boolean
  /** Empty when all is well. `files` is empty when the whole workspace is meant. */
  run(files: readonly string[]): Promise<Failure[]>
}
