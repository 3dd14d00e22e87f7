import { z } from './schema.ts';

/** A time of day in India. */
export const ClockTime = z.strictObject({
  hour: z.int().check(z.gte(0), z.lte(23)),
  minute: z.int().check(z.gte(0), z.lte(59)),
});
export type ClockTime = z.infer<typeof ClockTime>;
