export { createLazyLogger } from './lazy-logger.ts'
export { createLogger, type Logger, type LoggerOptions, silentLogger } from './logger.ts'
