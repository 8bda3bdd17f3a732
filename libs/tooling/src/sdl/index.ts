export { commentsAbove } from './comments.ts'
export { subgraphSdl } from './subgraph-sdl.ts'
