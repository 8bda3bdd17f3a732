export {
  createStreamReader,
  type ReadOptions,
  type StreamReader,
  type StreamReaderOptions,
} from './stream-reader.ts'
export { type Gap, mapItems, type Snapshot, type StreamItem, type StreamItems } from './stream-item.ts'
