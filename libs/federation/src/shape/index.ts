export { compileShape, type Shape } from './compile-shape.ts'
