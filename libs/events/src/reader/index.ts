export {
  createStreamReader,
  type ReadOptions,
  type StreamReader,
  type StreamReaderOptions,
} from './stream-reader.ts'
export {
  type Gap,
  type Snapshot,
  StreamInterrupted,
  type StreamItem,
  type StreamItems,
} from './stream-item.ts'
