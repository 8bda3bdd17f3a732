import type { Logger } from '@courtside/logger'

/** A child of `parent` that is made when it first has something to say: most operations have not, and it costs 1 µs. */
export function createLogOnDemand(parent: Logger, fields: object): Logger {
  return new LogOnDemand(parent, fields)
}

class LogOnDemand implements Logger {
  readonly #parent: Logger
  readonly #fields: object
  #made: Logger | null = null

  constructor(parent: Logger, fields: object) {
    this.#parent = parent
    this.#fields = fields
  }

  debug(fields: object, message: string): void {
    this.#log.debug(fields, message)
  }

  info(fields: object, message: string): void {
    this.#log.info(fields, message)
  }

  warn(fields: object, message: string): void {
    this.#log.warn(fields, message)
  }

  error(fields: object, message: string): void {
    this.#log.error(fields, message)
  }

  child(fields: object): Logger {
    return this.#log.child(fields)
  }

  get #log(): Logger {
    return (this.#made ??= this.#parent.child(this.#fields))
  }
}
