export { type PlannedFault, planFaults, type ScheduleOptions } from './schedule.ts'
