export { type DemoDatabases, openDemoDatabases } from './databases.ts'
export { measureReal } from './measure-real.ts'
