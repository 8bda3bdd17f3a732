import { DomainError } from '@courtside/kernel'

/** What is left pointing at a thing that somebody wants to delete. */
export interface Reference {
  /** In words, plural: `games`. */
  what: string
  count: number
}

export const notFound = (entityType: string, id: string) =>
  new DomainError({
    kind: 'not-found',
    code: 'STATS_NOT_FOUND',
    message: `There is no ${inWords(entityType)} with this id.`,
    details: { entityType, id },
  })

/** An input names something that is not there. `field` is the input's. */
export const unknownReference = (field: string, id: string) =>
  new DomainError({
    kind: 'invalid',
    code: 'STATS_UNKNOWN_REFERENCE',
    message: `${field}: there is nothing with this id. It may have been deleted.`,
    details: { field, id },
  })

/** What an input names belongs to another sport than the rest. */
export const otherSport = (field: string, id: string) =>
  new DomainError({
    kind: 'invalid',
    code: 'STATS_OTHER_SPORT',
    message: `${field}: this belongs to another sport. Choose one of the same sport.`,
    details: { field, id },
  })

export const alreadyExists = (field: string, message: string) =>
  new DomainError({ kind: 'conflict', code: 'STATS_ALREADY_EXISTS', message, details: { field } })

export const inUse = (entityType: string, id: string, references: readonly Reference[], remedy: string) =>
  new DomainError({
    kind: 'conflict',
    code: 'STATS_IN_USE',
    message: `This ${inWords(entityType)} cannot be deleted: ${listed(references)} still refer to it. ${remedy}`,
    details: { entityType, id, references },
  })

export const inactive = (field: string, id: string) =>
  new DomainError({
    kind: 'conflict',
    code: 'STATS_INACTIVE',
    message: `${field}: this one no longer competes. Activate it first.`,
    details: { field, id },
  })

const inWords = (entityType: string) => entityType.replace(/\B[A-Z]/g, (letter) => ` ${letter}`).toLowerCase()

const listed = (references: readonly Reference[]) =>
  references.map(({ what, count }) => `${what} (${count})`).join(', ')
