import { z } from '../../../../utils/shared/schema.ts';
import { defineOperation } from '../operation.ts';

const Instrument = z.string().check(z.regex(/^[A-Z]{2,5}:[A-Za-z0-9 &._-]{1,40}$/, 'must be written as NSE:RELIANCE'));

export const quote = defineOperation({
  name: 'quote',
  acts: false,
  params: z.strictObject({ instruments: z.array(Instrument).check(z.minLength(1), z.maxLength(50)) }),
  label: ({ instruments }) => `quote ${instruments.join(', ')}`,
  run: (session, { instruments }) => session.quote(instruments),
});
