export { collectRepresentations, type Representations } from './collect-representations.ts'
export { compileRepresentation, type Represent } from './compile-representation.ts'
