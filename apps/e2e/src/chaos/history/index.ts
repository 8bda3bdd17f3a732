export { checkHistory } from './check-history.ts'
export type { Delivery, LoggedFact, Loss, Outcome, Reader, RunHistory, Violation, Write } from './history.ts'
