export type { FetchRequest, FetchTemplate, SubgraphAnswer, SubgraphFetch, Variables } from './fetch.ts'
