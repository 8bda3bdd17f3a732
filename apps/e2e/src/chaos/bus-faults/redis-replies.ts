const LINE_END = Buffer.from('\r\n')
const AGGREGATES: Readonly<Record<string, number>> = { '*': 1, '>': 1, '~': 1, '%': 2 }
const BLOBS = new Set(['$', '=', '!'])

/** Takes what Redis sends in any pieces, and gives whole replies. */
export function createReplySplitter(): (bytes: Buffer) => Buffer[] {
  let rest = Buffer.alloc(0)
  return (bytes) => {
    rest = Buffer.concat([rest, bytes])
    const replies: Buffer[] = []
    for (;;) {
      const end = endOfReply(rest, 0)
      if (end === null) return replies
      replies.push(rest.subarray(0, end))
      rest = rest.subarray(end)
    }
  }
}

/** Whether it is a message of a channel, and no answer to a command. */
function isMessage(reply: Buffer): boolean {
  return /^[*>]3\r\n\$\d+\r\ns?message\r\n/.test(reply.subarray(0, 32).toString('latin1'))
}

/**
 * Whether it carries hints. What a bus sends to find out whether it is deaf is none: one that knows it is looks at the
 * log at once, and would never be seen to miss anything.
 */
export const carriesHints = (reply: Buffer): boolean => isMessage(reply) && reply.includes(' [[')

/** Null when it is not whole yet. */
function endOfReply(bytes: Buffer, start: number): number | null {
  const lineEnd = bytes.indexOf(LINE_END, start)
  if (lineEnd === -1) return null
  const sign = String.fromCharCode(bytes[start] ?? 0)
  const behindLine = lineEnd + LINE_END.length
  const length = Number(bytes.toString('latin1', start + 1, lineEnd))
  if (BLOBS.has(sign)) {
    if (length < 0) return behindLine
    const end = behindLine + length + LINE_END.length
    return end <= bytes.length ? end : null
  }
  let end: number | null = behindLine
  for (let left = length * (AGGREGATES[sign] ?? 0); left > 0 && end !== null; left--) {
    end = endOfReply(bytes, end)
  }
  return end
}
