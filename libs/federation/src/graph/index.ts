export { type FederatedGraph, loadGraph } from './federated-graph.ts'
