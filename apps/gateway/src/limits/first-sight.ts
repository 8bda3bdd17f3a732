/**
 * What it costs to meet a document or an operation for the first time, in the units of `@cost`, of which one is about
 * 40 µs. Without it a client could send a thousand operations that differ in their names alone, each of them cheap to
 * run, and have each of them validated, planned and compiled. Those that the manifest lists are free.
 */

/** Parsing and validating. What repeats one field many times and is refused for it in the end takes 8 µs a letter. */
export function readingCost(text: string): number {
  return 20 + Math.ceil(text.length / 5)
}

/** As many conditions are compiled apart in subgraphs, each way of them by itself. */
const MOST_CONDITIONS = 4

/** Planning, and compiling here and in subgraphs: 13 to 72 ms were measured for some hundred selections. */
export function compilingCost({
  selections,
  directives,
}: {
  selections: number
  directives: number
}): number {
  return (50 + 5 * selections) * 2 ** Math.min(MOST_CONDITIONS, directives)
}
