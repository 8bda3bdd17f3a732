export { collectRepresentations, type Representations } from './collect-representations.ts'
export { compileRepresentation, type RepresentType } from './compile-representation.ts'
