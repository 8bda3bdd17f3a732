export { faultOf } from './compare-answers.ts'
export { measureQuery } from './measure-query.ts'
export { type QueryOptions, readQueryOptions } from './options.ts'
