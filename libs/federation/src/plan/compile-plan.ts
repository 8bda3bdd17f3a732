import type { FetchNode, PlanNode, SubscriptionNode } from '@apollo/query-planner'
import type { PlanPath } from '../join/index.ts'
import { compileEntityFetch, type EntityFetch, toStep } from './entity-fetch.ts'
import { compileMergedFetch } from './merged-fetch.ts'
import type { PlanRun, Step, StepOptions } from './plan-run.ts'
import { compileRootFetch } from './root-fetch.ts'

/** Walks a plan once and makes of it what runs it any number of times. */
export function compileNode<Context>(
  node: PlanNode | SubscriptionNode,
  path: PlanPath,
  options: StepOptions<Context>,
): Step<Context> {
  switch (node.kind) {
    case 'Sequence':
      return inSequence(node.nodes.map((child) => compileNode(child, path, options)))
    case 'Parallel':
      return inParallel(compileParallel(node.nodes, path, options))
    case 'Flatten':
      return compileNode(node.node, [...path, ...node.path], options)
    case 'Condition': {
      const ifClause = node.ifClause && compileNode(node.ifClause, path, options)
      const elseClause = node.elseClause && compileNode(node.elseClause, path, options)
      const { condition } = node
      const otherwise = options.defaults.get(condition)
      return (run) => {
        const given = Object.hasOwn(run.variables, condition) ? run.variables[condition] : undefined
        return ((given ?? otherwise) ? ifClause : elseClause)?.(run)
      }
    }
    case 'Fetch':
      assertSupported(node)
      return node.requires
        ? toStep(compileEntityFetch(node, path, options))
        : compileRootFetch(node, path, options)
    case 'Defer':
      throw new Error('The plan defers a part of the answer, which is not supported')
    case 'Subscription':
      throw new Error('A subscription has no single answer: compile it as one')
  }
}

function compileParallel<Context>(
  nodes: readonly PlanNode[],
  path: PlanPath,
  options: StepOptions<Context>,
): Step<Context>[] {
  if (!options.mergeEntityFetches) return nodes.map((node) => compileNode(node, path, options))
  const steps: Step<Context>[] = []
  const bySubgraph = new Map<string, EntityFetch<Context>[]>()
  for (const node of nodes) {
    if (node.kind === 'Flatten' && node.node.kind === 'Fetch' && node.node.requires) {
      assertSupported(node.node)
      const entityFetch = compileEntityFetch(node.node, [...path, ...node.path], options)
      const others = bySubgraph.get(node.node.serviceName)
      if (others) others.push(entityFetch)
      else bySubgraph.set(node.node.serviceName, [entityFetch])
    } else steps.push(compileNode(node, path, options))
  }
  for (const fetches of bySubgraph.values()) {
    const merged = fetches.length > 1 ? compileMergedFetch(fetches, options) : null
    if (merged) steps.push(merged)
    else steps.push(...fetches.map(toStep))
  }
  return steps
}

export function assertSupported({ serviceName, contextRewrites }: FetchNode): void {
  if (!contextRewrites?.length) return
  throw new Error(`The plan asks ${serviceName} with @fromContext, which is not supported`)
}

function inSequence<Context>(steps: readonly Step<Context>[]): Step<Context> {
  const runFrom = (first: number, run: PlanRun<Context>): Promise<unknown> | undefined => {
    for (let index = first; index < steps.length; index++) {
      const running = steps[index]?.(run)
      if (running) return running.then(() => runFrom(index + 1, run))
    }
    return undefined
  }
  return (run) => runFrom(0, run)
}

function inParallel<Context>(steps: readonly Step<Context>[]): Step<Context> {
  return (run) => {
    const running: Promise<unknown>[] = []
    for (const step of steps) {
      const started = step(run)
      if (started) running.push(started)
    }
    return running.length > 1 ? Promise.all(running) : running[0]
  }
}
