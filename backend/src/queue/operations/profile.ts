import { z } from '../../../../utils/domain/schema.ts';
import { defineOperation } from '../operation.ts';

export const profile = defineOperation({
  name: 'profile',
  acts: false,
  params: z.strictObject({}),
  label: () => 'profile',
  run: (session) => session.profile(),
});
