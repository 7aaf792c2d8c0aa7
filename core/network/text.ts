/** A text that a person reads, in both of the product's languages. */
export interface Text {
  readonly en: string
  readonly ko: string
}

/** Shorthand that keeps layer files readable: `text('Filters', '필터 수')`. */
export const text = (en: string, ko: string): Text => ({ en, ko })
