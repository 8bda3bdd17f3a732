import { withConnection } from './connection.ts'

/** One fact of a database, for example a policy: what it is called and what it says. */
export interface CatalogueEntry {
  kind: string
  name: string
  definition: string
}

/** Not what an extension brought along, nor Prisma's own table. Partitions follow their table and come and go. */
const RELATIONS = `
  relations AS (
    SELECT c.*, c.oid::regclass::text AS name
    FROM pg_class c JOIN schemas n ON n.oid = c.relnamespace
    WHERE c.relname NOT LIKE '\\_prisma\\_migrations%' AND NOT c.relispartition
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
  )`

const SCHEMAS = `
  schemas AS (
    SELECT * FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
  )`

const FUNCTIONS = `
  functions AS (
    SELECT p.*, p.oid::regprocedure::text AS name
    FROM pg_proc p JOIN schemas n ON n.oid = p.pronamespace
    WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
  )`

const TYPES = `
  types AS (
    SELECT t.*, format_type(t.oid, NULL) AS name
    FROM pg_type t JOIN schemas n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
    WHERE (t.typtype IN ('e', 'd', 'r') OR c.relkind = 'c')
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')
  )`

/** The migrating role may have any name: both sides are read as the owner, who is called so. */
const roleNamed = (oid: string) =>
  `CASE ${oid} WHEN 0 THEN 'PUBLIC' WHEN (SELECT oid FROM pg_roles WHERE rolname = current_user) THEN 'the owner' ELSE pg_get_userbyid(${oid}) END`

/** A list of rights that was never touched stands for the default one of its kind of object. */
const rights = (acl: string) => `(
    SELECT string_agg(concat(${roleNamed('grantee')}, ' ', lower(privilege_type), CASE WHEN is_grantable THEN ' with grant option' END), ', '
      ORDER BY ${roleNamed('grantee')}, privilege_type)
    FROM aclexplode(${acl}))`

/** Each yields name and definition. */
const FACTS: Readonly<Record<string, string>> = {
  table: `
    SELECT name, concat_ws(' ', relkind, relpersistence, array_to_string(reloptions, ',')) FROM relations WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f')`,
  partitioning: `SELECT name, pg_get_partkeydef(oid) FROM relations WHERE relkind = 'p'`,
  'row-level security': `
    SELECT name, CASE WHEN relrowsecurity THEN 'enabled' ELSE 'disabled' END || CASE WHEN relforcerowsecurity THEN ', forced' ELSE '' END
    FROM relations WHERE relkind IN ('r', 'p')`,
  policy: `
    SELECT concat(r.name, '.', polname), concat_ws(' ',
      CASE WHEN polpermissive THEN 'permissive' ELSE 'restrictive' END, 'for', polcmd,
      'to', (SELECT string_agg(${roleNamed('role')}, ',' ORDER BY ${roleNamed('role')}) FROM unnest(polroles) role),
      'using ' || pg_get_expr(polqual, polrelid), 'with check ' || pg_get_expr(polwithcheck, polrelid))
    FROM pg_policy JOIN relations r ON r.oid = polrelid`,
  column: `
    SELECT concat(r.name, '.', attname), concat_ws(' ', format_type(atttypid, atttypmod),
      CASE WHEN attnotnull THEN 'not null' END, 'default ' || pg_get_expr(adbin, adrelid),
      'generated ' || nullif(attgenerated::text, ''), 'identity ' || nullif(attidentity::text, ''),
      'collate ' || nullif(attcollation, typcollation)::regcollation::text)
    FROM relations r JOIN pg_attribute a ON a.attrelid = r.oid AND attnum > 0 AND NOT attisdropped JOIN pg_type y ON y.oid = atttypid
    LEFT JOIN pg_attrdef ON adrelid = r.oid AND adnum = attnum
    WHERE r.relkind IN ('r', 'p', 'v', 'm', 'f')`,
  // Not-null is a column's; since Postgres 18 it is listed here too, before it was not.
  constraint: `
    SELECT concat(r.name, '.', conname), pg_get_constraintdef(k.oid)
    FROM pg_constraint k JOIN relations r ON r.oid = conrelid WHERE contype <> 'n'`,
  index: `
    SELECT i.name, concat_ws(' ', pg_get_indexdef(indexrelid), CASE WHEN NOT indisvalid THEN 'INVALID' END, CASE WHEN indisreplident THEN 'REPLICA IDENTITY' END)
    FROM pg_index JOIN relations r ON r.oid = indrelid JOIN relations i ON i.oid = indexrelid`,
  view: `SELECT name, pg_get_viewdef(oid) FROM relations WHERE relkind IN ('v', 'm')`,
  rule: `
    SELECT concat(r.name, '.', rulename), pg_get_ruledef(u.oid) FROM pg_rewrite u JOIN relations r ON r.oid = ev_class WHERE rulename <> '_RETURN'`,
  function: `
    SELECT name, CASE prokind WHEN 'a' THEN 'aggregate' ELSE pg_get_functiondef(oid) END FROM functions`,
  trigger: `
    SELECT concat(r.name, '.', tgname), concat_ws(' ', pg_get_triggerdef(t.oid), 'enabled', tgenabled)
    FROM pg_trigger t JOIN relations r ON r.oid = tgrelid WHERE NOT tgisinternal`,
  type: `
    SELECT name, CASE typtype
      WHEN 'e' THEN (SELECT 'enum ' || string_agg(enumlabel, ', ' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = types.oid)
      WHEN 'd' THEN concat_ws(' ', 'domain', format_type(typbasetype, typtypmod), CASE WHEN typnotnull THEN 'not null' END, 'default ' || typdefault,
        (SELECT string_agg(pg_get_constraintdef(oid), ' ' ORDER BY conname) FROM pg_constraint WHERE contypid = types.oid AND contype <> 'n'))
      WHEN 'r' THEN (SELECT 'range of ' || format_type(rngsubtype, NULL) FROM pg_range WHERE rngtypid = types.oid)
      ELSE (SELECT 'composite ' || string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = typrelid AND attnum > 0 AND NOT attisdropped)
    END FROM types`,
  sequence: `
    SELECT name, concat_ws(' ', format_type(seqtypid, NULL), 'start', seqstart, 'by', seqincrement, 'from', seqmin, 'to', seqmax, CASE WHEN seqcycle THEN 'cycle' END)
    FROM pg_sequence JOIN relations ON oid = seqrelid`,
  statistics: `SELECT concat(n.nspname, '.', stxname), pg_get_statisticsobjdef(s.oid) FROM pg_statistic_ext s JOIN schemas n ON n.oid = stxnamespace`,
  extension: `SELECT extname, 'in schema ' || extnamespace::regnamespace::text FROM pg_extension`,
  schema: `SELECT nspname, 'present' FROM schemas`,
  owner: `
    SELECT 'schema ' || nspname, ${roleNamed('nspowner')} FROM schemas
    UNION ALL SELECT name, ${roleNamed('relowner')} FROM relations WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
    UNION ALL SELECT name, ${roleNamed('proowner')} FROM functions
    UNION ALL SELECT 'type ' || name, ${roleNamed('typowner')} FROM types`,
  grant: `
    SELECT 'schema ' || nspname, ${rights(`coalesce(nspacl, acldefault('n', nspowner))`)} FROM schemas
    UNION ALL SELECT name, ${rights(`coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END, relowner))`)} FROM relations WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
    UNION ALL SELECT concat(r.name, '.', attname), ${rights('attacl')} FROM relations r JOIN pg_attribute ON attrelid = r.oid WHERE attacl IS NOT NULL AND attacl <> '{}' AND NOT attisdropped
    UNION ALL SELECT name, ${rights(`coalesce(proacl, acldefault('f', proowner))`)} FROM functions
    UNION ALL SELECT 'type ' || name, ${rights(`coalesce(typacl, acldefault('T', typowner))`)} FROM types`,
  'default grant': `
    SELECT concat_ws(' ', ${roleNamed('defaclrole')}, 'on', defaclobjtype, 'in ' || nullif(defaclnamespace, 0)::regnamespace::text), ${rights('defaclacl')}
    FROM pg_default_acl`,
}

const CATALOGUE = `
  WITH ${[SCHEMAS, RELATIONS, FUNCTIONS, TYPES].join(',')}
  ${Object.entries(FACTS)
    .map(
      ([kind, sql]) =>
        `SELECT '${kind}' AS kind, fact.name, coalesce(fact.definition, '') AS definition FROM (${sql}) AS fact (name, definition)`,
    )
    .join('\n  UNION ALL ')}
  ORDER BY kind, name`

/** Everything of a database that is not its data, in words that do not depend on when or by whom it was made. */
export function readCatalogue(ownerUrl: string): Promise<CatalogueEntry[]> {
  return withConnection(ownerUrl, async (client) => {
    // Postgres then writes every name with its schema.
    await client.query(`SET search_path = ''`)
    return (await client.query<CatalogueEntry>(CATALOGUE)).rows
  })
}
