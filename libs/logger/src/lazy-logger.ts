import type { Logger } from './logger.ts'

/** A logger with these fields that is made when something is said: most requests say nothing. */
export function createLazyLogger(parent: Logger, fields: object): Logger {
  return new LazyLogger(parent, fields)
}

/** A class, so that one for each request is a small object and not six functions. */
class LazyLogger implements Logger {
  readonly #parent: Logger
  readonly #fields: object
  #made: Logger | null = null

  constructor(parent: Logger, fields: object) {
    this.#parent = parent
    this.#fields = fields
  }

  debug(fields: object, message: string): void {
    this.#logger().debug(fields, message)
  }

  info(fields: object, message: string): void {
    this.#logger().info(fields, message)
  }

  warn(fields: object, message: string): void {
    this.#logger().warn(fields, message)
  }

  error(fields: object, message: string): void {
    this.#logger().error(fields, message)
  }

  child(fields: object): Logger {
    return new LazyLogger(this, fields)
  }

  #logger(): Logger {
    if (this.#made === null) {
      const parent = this.#parent instanceof LazyLogger ? this.#parent.#logger() : this.#parent
      this.#made = parent.child(this.#fields)
    }
    return this.#made
  }
}
