import { z } from '../../../../utils/shared/schema.ts';
import { defineOperation } from '../operation.ts';

export const profile = defineOperation({
  name: 'profile',
  acts: false,
  params: z.strictObject({}),
  label: () => 'profile',
  run: (session) => session.profile(),
});
