export {
  createCursorCodec,
  type CursorCodec,
  type CursorKey,
  type DecodedCursor,
  type Place,
} from './cursor.ts'
export { type Resume, toResume } from './resume.ts'
