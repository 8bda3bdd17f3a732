export { compileShape, type Shape, type ShapeOptions } from './compile-shape.ts'
