import type { Counts } from './hub-context.ts'
import { FRESH, OVER, type Standing, type Subscriber } from './subscriber.ts'
import type { Topic } from './topic.ts'

/**
 * Those of a topic who begin at a place that no channel holds, while as many replays run as may. Whoever takes an event
 * with a cursor that somebody waits with takes them along; else they are asked for in the order of their cursors.
 */
export class WaitingRoom implements Standing {
  readonly topic: Topic
  readonly #counts: Counts
  /** Null while nobody waits: a Map that is entered and left all the time keeps what stood in it. */
  #byCursor: Map<string, Subscriber[]> | null = null

  constructor(topic: Topic, counts: Counts) {
    this.topic = topic
    this.#counts = counts
  }

  get isEmpty(): boolean {
    return this.#byCursor === null
  }

  /** The cursor that somebody waits with for the longest time. */
  get next(): string | null {
    return this.#byCursor?.keys().next().value ?? null
  }

  join(member: Subscriber, cursor: string): void {
    this.#byCursor ??= new Map()
    const members = this.#byCursor.get(cursor) ?? []
    if (members.length === 0) this.#byCursor.set(cursor, members)
    member.channel = this
    member.state = FRESH
    member.slot = members.push(member) - 1
    this.#counts.waiting += 1
  }

  /** Lets those go who wait with this cursor. */
  take(cursor: string | null): readonly Subscriber[] {
    const members = cursor === null ? undefined : this.#byCursor?.get(cursor)
    if (cursor === null || !members) return []
    this.#forget(cursor)
    this.#counts.waiting -= members.length
    return members
  }

  /** Of who has been sent something; nobody here was. */
  cursorAt(): null {
    return null
  }

  /** Nobody who was sent nothing is full. */
  unpark(): void {}

  dismiss(member: Subscriber): void {
    member.state = OVER
    const cursor = member.after as string
    const members = this.#byCursor?.get(cursor)
    const last = members?.pop()
    if (members && last && last !== member) {
      members[member.slot] = last
      last.slot = member.slot
    }
    if (members?.length === 0) this.#forget(cursor)
    member.slot = -1
    this.#counts.waiting -= 1
    this.topic.left(null)
  }

  #forget(cursor: string): void {
    this.#byCursor?.delete(cursor)
    if (this.#byCursor?.size === 0) this.#byCursor = null
  }
}
