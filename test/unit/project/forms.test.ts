import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const COMPONENTS = resolve(import.meta.dirname, '../../../components');
const files = readdirSync(COMPONENTS, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.tsx'));
const textOf = (path: string) => readFileSync(join(COMPONENTS, path), 'utf8');

describe('a form', () => {
  it('is made in one place, which shows at its button what no field shows', () => {
    expect(files.filter((path) => /<form[\s>]/.test(textOf(path)))).toEqual(['ui/form-card.tsx']);
  });

  it('hands its problems to that place wherever it has any', () => {
    const checked = files.filter((path) => /\buse(?:Problems|Checked)\(/.test(textOf(path)));
    expect(checked.length).toBeGreaterThan(5);
    expect(checked.filter((path) => !/<FormCard[^>]*\bproblems=/.test(textOf(path)))).toEqual([]);
  });
});
