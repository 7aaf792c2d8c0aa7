import { z } from 'zod'

/** A text in both of the product's languages, as it crosses. */
export const textSchema = z.object({ en: z.string(), ko: z.string() })
