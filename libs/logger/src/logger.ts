import { pino } from 'pino'
import pretty from 'pino-pretty'

/** What a module may do with a logger; narrower than pino so that a test can hand in a list. */
export interface Logger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
  /** A logger whose every line carries these fields: one a request, a job, a socket. */
  child(fields: object): Logger
}

export interface LoggerOptions {
  /** The process or subgraph that speaks. */
  name: string
  /** Default: `info`. */
  level?: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** Coloured lines for people instead of JSON for machines. Default: whether standard output is a terminal. */
  pretty?: boolean
}

/** Credentials never reach a log line, whoever puts them into the fields. */
const SECRETS = [
  'password',
  'token',
  'accessToken',
  'refreshToken',
  'secret',
  'authorization',
  'cookie',
  'key',
]

export function createLogger(options: LoggerOptions): Logger {
  const settings = {
    name: options.name,
    level: options.level ?? 'info',
    base: { name: options.name },
    redact: { paths: SECRETS.flatMap((field) => [field, `*.${field}`]), censor: '[redacted]' },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  if (options.pretty ?? process.stdout.isTTY) {
    return pino(settings, pretty({ translateTime: 'HH:MM:ss.l', ignore: 'pid,hostname', sync: true }))
  }
  return pino(settings)
}

export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLogger,
}
