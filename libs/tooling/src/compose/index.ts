// Light: the modules that load graphql and the composition library are imported when they are needed.
export { API_SCHEMA, type ComposedFiles, composeFiles, SUPERGRAPH, writeGraph } from './graph-files.ts'
export { sdlFiles } from './sdl-files.ts'
