/** Stands here until its room is built. */
export function Training() {
  return null
}
