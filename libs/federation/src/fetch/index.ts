export type { FetchRequest, FetchTemplate, SubgraphAnswer, SubgraphFetch, Variables } from './fetch.ts'
export { compileVariablePicker, REPRESENTATIONS, toTemplate } from './fetch-template.ts'
