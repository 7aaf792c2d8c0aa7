/** Images a second over the last moments of training, not over the whole run: a slowdown has to show. */
export interface Rate {
  /** Tells of `count` images that took `seconds`. */
  add(count: number, seconds: number): void
  /** 0 before the first `add`. */
  perSecond(): number
}

/** A moving rate over the latest `window` seconds, and over no fewer than the latest entry. */
export function movingRate(window = 2): Rate {
  const entries: { count: number; seconds: number }[] = []
  let count = 0
  let seconds = 0
  return {
    add(images, took) {
      entries.push({ count: images, seconds: took })
      count += images
      seconds += took
      while (entries.length > 1 && seconds - entries[0]!.seconds >= window) {
        const oldest = entries.shift()!
        count -= oldest.count
        seconds -= oldest.seconds
      }
    },
    perSecond: () => (seconds > 0 ? count / seconds : 0),
  }
}
