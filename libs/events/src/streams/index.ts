export { type BusChoice, streamsEnvShape, type StreamsEnv } from './env.ts'
export { loadStreamSettings, type StreamSettings, throwAwayStreamSettings } from './stream-settings.ts'
export { createStreamMetrics, type StreamMetrics } from './stream-metrics.ts'
export { openStreams, type OpenStreamsOptions, type Streams } from './open-streams.ts'
