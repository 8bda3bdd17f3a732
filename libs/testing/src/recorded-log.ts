import type { Logger } from '@courtside/logger'

export interface LogLine {
  level: 'debug' | 'info' | 'warn' | 'error'
  /** The line's own fields and those of every logger it descends from. */
  fields: Readonly<Record<string, unknown>>
  message: string
}

/** A logger that keeps its lines, for tests that ask what was said and for failures that show it. */
export interface RecordedLog extends Logger {
  readonly lines: readonly LogLine[]
}

export function createRecordedLog(): RecordedLog {
  const lines: LogLine[] = []
  return { lines, ...loggerInto(lines, {}) }
}

function loggerInto(lines: LogLine[], inherited: object): Logger {
  const at = (level: LogLine['level']) => (fields: object, message: string) => {
    lines.push({ level, fields: { ...inherited, ...fields }, message })
  }
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => loggerInto(lines, { ...inherited, ...fields }),
  }
}
