const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Whether Postgres will take `text` as a `uuid`; asked before it gets there, because it answers with an error. */
export function isUuid(text: string): boolean {
  return UUID.test(text)
}
