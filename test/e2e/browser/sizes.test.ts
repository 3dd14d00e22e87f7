import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BUILT } from '../../support/browsers/chromium.ts';
import { packedBytes } from '../../support/browsers/packed.ts';
import { filesOf } from '../../support/browsers/page-files.ts';
import { SIZES, type Size } from '../../support/checks/sizes.ts';

describe('the bytes of what is built', () => {
  it.each(SIZES)('$name: at most $most', ({ of, most }) => {
    const bytes = bytesOf(of);
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(most);
  });
});

function bytesOf(of: Size['of']): number {
  if (of === 'package') return packedBytes(BUILT);
  if ('file' in of) return readFileSync(join(BUILT, of.file)).length;
  return [...filesOf(BUILT, of.page)]
    .filter(([path]) => path.endsWith(of.kind))
    .reduce((sum, [, text]) => sum + Buffer.byteLength(text), 0);
}
