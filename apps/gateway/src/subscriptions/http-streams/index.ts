export {
  createHttpStreams,
  type HttpStreams,
  type HttpStreamsOptions,
  type StreamRequest,
} from './http-streams.ts'
