import { z } from '../../shared/schema.ts';
import { Id } from '../accounts/settings.ts';

/** A redirect of an account that was seen and not captured: said, so that nobody waits for it. `place` is an address without its query. */
export const Notice = z.strictObject({
  account: Id,
  code: z.enum([
    'elsewhere',
    'no-scheme',
    'wrong-state',
    'not-from-broker',
    'no-destination',
    'storage-failed',
    'lost',
    'hidden',
  ]),
  place: z.nullable(z.string()),
  at: z.int(),
});
export type Notice = z.infer<typeof Notice>;
