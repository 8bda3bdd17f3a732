import type { Connection } from '@courtside/kernel'

/** A page, and the size of the whole list for those who ask for it. */
export type CountedConnection<Node, Extra extends object = object> = Connection<Node, Extra> & {
  count(): Promise<number>
}

/** Counting costs a statement of its own: it runs only where `totalCount` is selected. */
export const countedConnection = {
  totalCount: (page: { count(): Promise<number> }) => page.count(),
}
