export { API_SCHEMA, type ComposedFiles, composeFiles, SUPERGRAPH, writeGraph } from './graph-files.ts'
