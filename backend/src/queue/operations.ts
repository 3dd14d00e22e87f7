import { z } from '../../../utils/domain/schema.ts';
import { defineOperation, type Operation } from './operation.ts';

const Instrument = z.string().check(z.regex(/^[A-Z]{2,5}:[A-Za-z0-9 &._-]{1,40}$/, 'must be written as NSE:RELIANCE'));

const quote = defineOperation({
  name: 'quote',
  acts: false,
  params: z.strictObject({ instruments: z.array(Instrument).check(z.minLength(1), z.maxLength(50)) }),
  label: ({ instruments }) => `quote ${instruments.join(', ')}`,
  run: (session, { instruments }) => session.quote(instruments),
});

const profile = defineOperation({
  name: 'profile',
  acts: false,
  params: z.strictObject({}),
  label: () => 'profile',
  run: (session) => session.profile(),
});

/** All that can be queued; a new operation is one more entry. */
export const operations: readonly Operation[] = [quote, profile];
