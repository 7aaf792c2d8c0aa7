/** Stands here until its room is built. */
export function Gallery() {
  return null
}
