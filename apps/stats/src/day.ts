/** A calendar day as `YYYY-MM-DD`: days compare as text, and belong to no time zone. */
export type Day = string

export const toDay = (date: Date): Day => date.toISOString().slice(0, 10)

/** As Prisma takes a `date` column. */
export const fromDay = (day: Day): Date => new Date(`${day}T00:00:00Z`)
