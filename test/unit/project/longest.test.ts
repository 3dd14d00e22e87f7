import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { LONGEST } from '../../longest.ts';

it('every file that is to start first is there', () => {
  expect(LONGEST.filter((path) => !existsSync(join(import.meta.dirname, '../../..', path)))).toEqual([]);
});
