import type { Outcome, Write } from '../history/index.ts'

/** What writers have gone through: the writes, and everything that was said which should never be. */
export interface WriteRecord {
  readonly writes: readonly Write[]
  /** Answers that no fault excuses. */
  readonly surprises: readonly string[]
  /** How often an attempt was not answered, by what was said in place. */
  readonly unanswered: Readonly<Record<string, number>>
  begin(mark: string, stream: string | null): OpenWrite
  unansweredBy(code: string): void
  surprise(text: string): void
}

export interface OpenWrite {
  /** `stream` when only the answer told it. */
  end(outcome: Outcome, stream?: string): void
}

export function createWriteRecord(now: () => number): WriteRecord {
  const writes: Write[] = []
  const surprises: string[] = []
  const unanswered: Record<string, number> = {}
  return {
    writes,
    surprises,
    unanswered,
    begin(mark, stream) {
      // What is never answered has not ended.
      const write: Write = { mark, stream, outcome: 'unknown', begunAt: now(), endedAt: Infinity }
      writes.push(write)
      return {
        end(outcome, told) {
          write.outcome = outcome
          write.endedAt = now()
          write.stream = told ?? stream
        },
      }
    },
    unansweredBy: (code) => void (unanswered[code] = (unanswered[code] ?? 0) + 1),
    surprise: (text) => void surprises.push(text),
  }
}
