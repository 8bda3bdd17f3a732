import { allInOne } from './all-in-one.ts'
import { separateProcesses } from './separate-processes.ts'

export type { RunningGraph, Shape, ShapeOptions } from './shape.ts'
export { allInOne, separateProcesses }

/** What must hold however the platform runs is tested on each of these. */
export const SHAPES = [allInOne, separateProcesses]
