/** One channel for each stream would have to be subscribed to again, thousands of them, after every reconnect. */
const CHANNELS = 64

/** The channel that carries hints of this stream, among others. */
export function channelOf(prefix: string, stream: string): string {
  // FNV-1a: spreads well, and is the same in every process.
  let hash = 0x811c9dc5
  for (let index = 0; index < stream.length; index += 1) {
    hash = Math.imul(hash ^ stream.charCodeAt(index), 0x01000193)
  }
  return `${prefix}:${(hash >>> 0) % CHANNELS}`
}

/** Which channels are wanted, and by which streams: the first wants it, and only the last one to go gives it up. */
export interface WantedChannels {
  /** Whether the channel was not wanted before. */
  add(channel: string, stream: string): boolean
  /** Whether the channel is wanted no more. */
  remove(channel: string, stream: string): boolean
  has(channel: string): boolean
  streamsOf(channel: string): readonly string[]
  channels(): readonly string[]
}

export function createWantedChannels(): WantedChannels {
  const streams = new Map<string, Set<string>>()
  return {
    add(channel, stream) {
      const known = streams.get(channel)
      if (known) known.add(stream)
      else streams.set(channel, new Set([stream]))
      return !known
    },
    remove(channel, stream) {
      const known = streams.get(channel)
      if (!known?.delete(stream) || known.size > 0) return false
      return streams.delete(channel)
    },
    has: (channel) => streams.has(channel),
    streamsOf: (channel) => [...(streams.get(channel) ?? [])],
    channels: () => [...streams.keys()],
  }
}
