import { withConnection } from './connection.ts'

export interface UnindexedReference {
  table: string
  columns: string[]
  /** A foreign key, or a column that by its name refers to something, perhaps of another subgraph. */
  kind: 'foreign key' | 'reference'
  /** What to add to the model in schema.prisma. */
  mend: string
}

/**
 * An index serves when its first columns are the wanted ones, in any order; or, for a key of several columns, when its
 * first column alone says which row is meant. A partial index serves when all that it leaves out are nulls, which
 * refer to nothing.
 *
 * A fact says who wrote it to whoever looks into it. Nobody finds it by that, and an index would slow down each append.
 */
const UNINDEXED = `
  WITH tables AS (
    SELECT c.oid, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname = 'public'
  ),
  wanted AS (
    SELECT conrelid AS relid, conkey AS columns, 'foreign key' AS kind, ARRAY(
        SELECT pair.here FROM unnest(conkey, confkey) AS pair (here, there) JOIN pg_index i ON i.indrelid = confrelid
        WHERE i.indisunique AND i.indpred IS NULL AND i.indnkeyatts = 1 AND i.indkey[0] = pair.there
      ) AS sufficient
    FROM pg_constraint WHERE contype = 'f'
    UNION ALL
    SELECT attrelid, ARRAY[attnum], 'reference', '{}' FROM pg_attribute
    WHERE atttypid = 'uuid'::regtype AND attname LIKE '%\\_id' AND attnum > 0 AND NOT attisdropped
      AND attrelid IS DISTINCT FROM to_regclass('public.facts')
  )
  SELECT DISTINCT ON (t.relname, w.columns) t.relname AS "table", w.kind,
    (SELECT array_agg(attname::text ORDER BY place) FROM unnest(w.columns) WITH ORDINALITY AS k (attnum, place)
     JOIN pg_attribute a ON a.attrelid = w.relid AND a.attnum = k.attnum) AS columns
  FROM wanted w JOIN tables t ON t.oid = w.relid
  WHERE NOT EXISTS (
    SELECT FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam
    WHERE i.indrelid = w.relid AND i.indisvalid AND m.amname IN ('btree', 'hash')
      AND (i.indkey[0] = ANY (w.sufficient) OR (
        i.indnkeyatts >= cardinality(w.columns) AND (i.indkey::int2[])[0:cardinality(w.columns) - 1] @> w.columns))
      AND (i.indpred IS NULL OR pg_get_expr(i.indpred, i.indrelid) IN (
        SELECT format('(%I IS NOT NULL)', attname) FROM pg_attribute WHERE attrelid = w.relid AND attnum = ANY (w.columns)))
  )
  ORDER BY t.relname, w.columns, w.kind`

/** Deleting a row, and every join back to it, reads the whole of a table that refers to it without an index. */
export async function unindexedForeignKeys(url: string): Promise<UnindexedReference[]> {
  const { rows } = await withConnection(url, (client) =>
    client.query<Pick<UnindexedReference, 'table' | 'columns' | 'kind'>>(UNINDEXED),
  )
  return rows.map((row) => ({ ...row, mend: `@@index([${row.columns.map(toField).join(', ')}])` }))
}

const toField = (column: string) =>
  column.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
