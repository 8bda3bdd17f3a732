import DataLoader from 'dataloader'

/** Loads by key, all keys of one tick in one call. */
export interface Batch<Key, Value> {
  load(key: Key): Promise<Value>
}

/** The widest `IN` list sent to Postgres at once. */
const WIDEST = 1_000

/**
 * A batch over a query that answers with the rows it found, in any order. `missing` is what a key without a row gets.
 * Make one an operation: what it has loaded, it keeps.
 */
export function createBatch<Key extends string, Value, Missing = null>(
  fetch: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>,
  missing: (key: Key) => Missing,
): Batch<Key, Value | Missing> {
  let loader: DataLoader<Key, Value | Missing> | null = null
  return {
    load(key) {
      // Few operations use more than one or two of all the batches that are made for them.
      loader ??= new DataLoader<Key, Value | Missing>(
        async (keys) => {
          const found = await fetch(keys)
          return keys.map((one) => found.get(one) ?? missing(one))
        },
        { maxBatchSize: WIDEST },
      )
      return loader.load(key)
    },
  }
}
