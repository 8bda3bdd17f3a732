import type { Head, LogReader } from '../log/index.ts'
import type { Patient } from './patient.ts'

export interface HeadChecksOptions {
  reader: Pick<LogReader, 'heads'>
  patient: Patient
  /** The log is about to be asked: what is committed by now will be seen. */
  onAsk(stream: string): void
  /** Null for a stream that has no fact. */
  onHead(stream: string, head: Head | null): void
}

/** How far streams have come. However many ask, it is one statement at a time for all of them. */
export interface HeadChecks {
  ask(streams: Iterable<string>): void
}

export function createHeadChecks({ reader, patient, onAsk, onHead }: HeadChecksOptions): HeadChecks {
  let wanted = new Set<string>()
  let isBusy = false

  const run = () => {
    // Asked for while a statement ran: that one may have seen too little.
    if (wanted.size === 0) {
      isBusy = false
      return
    }
    const streams = [...wanted]
    wanted = new Set()
    patient.ask(
      () => {
        streams.forEach(onAsk)
        return reader.heads(streams)
      },
      (heads) => {
        for (const stream of streams) onHead(stream, heads.get(stream) ?? null)
        run()
      },
    )
  }

  return {
    ask(streams) {
      for (const stream of streams) wanted.add(stream)
      if (isBusy) return
      isBusy = true
      // Those who come in the same turn share the statement.
      queueMicrotask(run)
    },
  }
}
