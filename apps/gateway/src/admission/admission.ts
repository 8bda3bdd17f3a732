import { assertAccess } from '../access/index.ts'
import type { Authenticated } from '../authentication/index.ts'
import {
  assertCleanVariables,
  assertDemand,
  budgetHolder,
  type Charge,
  type CostBudget,
  type Limits,
  measureDemand,
  readingCost,
} from '../limits/index.ts'
import type { Lanes } from '../lane/index.ts'
import {
  chooseOperation,
  type PreparedDocument,
  type PreparedDocuments,
  type PreparedOperation,
} from '../operations/index.ts'
import type { DocumentRequest, PersistedDocuments, RequestedDocument, Safelist } from '../safelist/index.ts'

/** What is asked of a graph, and by whom, whatever it came over. */
export interface AdmissionRequest {
  readonly params: DocumentRequest & {
    readonly operationName: string | null
    readonly variables: Readonly<Record<string, unknown>>
  }
  readonly authenticated: Authenticated
  readonly clientAddress: string
}

/** The part of a version of the graph that says what may be asked of it. */
export interface AdmittingGraph {
  readonly documents: PreparedDocuments
  readonly lanes: Pick<Lanes, 'isReady'>
}

/** An operation that has been read, and not been admitted yet. */
export interface Opened {
  readonly document: PreparedDocument
  readonly operation: PreparedOperation
  readonly requested: RequestedDocument
  readonly isListed: boolean
}

export interface AdmissionOptions {
  safelist: Safelist
  persistedDocuments: PersistedDocuments
  costBudget: CostBudget
  limits: Limits
}

/**
 * All that stands between a request and its execution, cheapest check first, so that what is refused has cost little.
 * In two steps, because how an operation may be answered depends on its kind. Each throws its refusal, and is a promise
 * only where a budget has to be asked elsewhere.
 */
export interface Admission {
  /** Finds out which operation is meant. What has not been seen before is charged for being read. */
  open(graph: AdmittingGraph, request: AdmissionRequest): Opened | Promise<Opened>
  /** Whether it may be run now, for what it costs. */
  admit(graph: AdmittingGraph, request: AdmissionRequest, opened: Opened): Charge | Promise<Charge>
  /** The same for what was admitted before and goes on where something of ours has changed. It is charged nothing. */
  readmit(graph: AdmittingGraph, request: AdmissionRequest): Opened
}

export function createAdmission(options: AdmissionOptions): Admission {
  const { safelist, persistedDocuments, costBudget, limits } = options

  const resolve = ({ params, authenticated }: AdmissionRequest): RequestedDocument => {
    const requested = persistedDocuments.resolve(params)
    safelist.assertListed(requested, authenticated.allowedOperations)
    return requested
  }
  const charge = ({ authenticated, clientAddress }: AdmissionRequest, cost: number) => {
    const holder = budgetHolder(authenticated.principal, clientAddress)
    return costBudget.charge(holder, cost, authenticated.costPerMinute)
  }
  const read = (
    { documents }: AdmittingGraph,
    { params, authenticated }: AdmissionRequest,
    requested: RequestedDocument,
    isListed: boolean,
  ): Opened => {
    const document = documents.prepare(requested.text, authenticated.principal.kind !== 'anonymous')
    return { document, operation: chooseOperation(document, params.operationName), requested, isListed }
  }
  /** What it costs, once nothing else speaks against it. */
  const assertFit = ({ params, authenticated }: AdmissionRequest, { operation }: Opened): number => {
    assertCleanVariables(params.variables, limits)
    const demand = measureDemand(operation.demand, params.variables)
    assertDemand(demand, limits)
    assertAccess(operation.requires, authenticated.principal)
    return demand.cost
  }

  return {
    open(graph, request) {
      const requested = resolve(request)
      const isListed = requested.hash !== null && safelist.textOf(requested.hash) !== undefined
      if (isListed || graph.documents.isPrepared(requested.text)) {
        return read(graph, request, requested, isListed)
      }
      const charged = charge(request, readingCost(requested.text))
      return charged instanceof Promise
        ? charged.then(() => read(graph, request, requested, isListed))
        : read(graph, request, requested, isListed)
    },
    admit(graph, request, opened) {
      const cost = assertFit(request, opened)
      const { operation, requested, isListed } = opened
      persistedDocuments.remember(requested)
      const compiling = isListed || graph.lanes.isReady(operation) ? 0 : operation.compilingCost
      const charged = compiling > 0 ? charge(request, compiling) : null
      return charged instanceof Promise ? charged.then(() => charge(request, cost)) : charge(request, cost)
    },
    readmit(graph, request) {
      const opened = read(graph, request, resolve(request), false)
      assertFit(request, opened)
      return opened
    },
  }
}
