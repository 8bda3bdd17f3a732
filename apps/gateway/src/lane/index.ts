export { createSlowLane, type LaneAnswer, type LaneRequest, type SlowLane } from './slow-lane.ts'
