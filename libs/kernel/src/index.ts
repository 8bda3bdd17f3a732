export { assertNever } from './assert-never.ts'
export { type Clock, systemClock } from './clock.ts'
export { DomainError, type DomainErrorKind, type DomainErrorOptions, isDomainError } from './domain-error.ts'
export {
  type Connection,
  type CursorValue,
  encodeCursor,
  LARGEST_PAGE,
  type PageArguments,
  type PageRequest,
  toConnection,
  toPageRequest,
} from './page.ts'
export { StartupError } from './startup-error.ts'
export { isUuid } from './uuid.ts'
