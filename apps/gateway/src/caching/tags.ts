/**
 * What a remembered answer is about. It carries
 * - `Game`: it depends on which games there are, as a list does;
 * - `Game:<id>`: it shows that game;
 * - `Game:?`: it shows a game without saying which.
 *
 * The name of a type has no colon, so an id cannot imitate another tag.
 */
export type Tag = string

/** An id that is longer names nothing of ours, and a tag is no place to keep somebody's text. */
const LONGEST_ID = 200

export function typeTag(type: string): Tag {
  return type
}

export function entityTag(type: string, id: string | number): Tag {
  return typeof id === 'string' && id.length > LONGEST_ID ? unnamedEntityTag(type) : `${type}:${id}`
}

export function unnamedEntityTag(type: string): Tag {
  return `${type}:?`
}

/** To invalidate when this entity has changed, in a way that moves it into no list and out of none. */
export function tagsOfChangedEntity(type: string, id: string): readonly Tag[] {
  return [entityTag(type, id), unnamedEntityTag(type)]
}
