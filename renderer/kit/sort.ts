/** How a table is sorted. */
export interface Sort<Column extends string> {
  readonly column: Column
  readonly descending: boolean
}

/**
 * What the head of a column does next: sort it one way, then the other, then back to the order of its own, null. Names
 * begin with the first of the alphabet, figures with the largest.
 */
export function nextSort<Column extends string>(
  sort: Sort<Column> | null,
  column: Column,
  figures: boolean,
): Sort<Column> | null {
  if (sort?.column !== column) return { column, descending: figures }
  return sort.descending === figures ? { column, descending: !figures } : null
}
