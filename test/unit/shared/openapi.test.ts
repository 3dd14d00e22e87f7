import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REFUSAL_STATUS } from '../../../utils/shared/contract.ts';
import { openapi } from '../../openapi/document.ts';

const text = readFileSync(join(import.meta.dirname, '../../../docs/openapi.json'), 'utf8');
const document = JSON.parse(text);

describe('docs/openapi.json', () => {
  it('is what the schemas say today: npm run openapi writes it anew', () => {
    expect(document).toEqual(JSON.parse(JSON.stringify(openapi())));
  });

  it('refers to nothing that is not in it', () => {
    const names = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(8);
    expect([...new Set(names)].filter((name) => !Object.hasOwn(document.components.schemas, name ?? ''))).toEqual([]);
  });

  it('has every status of the contract, and says that times are in UTC', () => {
    const { responses } = document.paths['/session'].post;
    const statuses = [200, ...Object.values(REFUSAL_STATUS)].map(String);
    expect(Object.keys(responses).toSorted()).toEqual([...new Set(statuses)].toSorted());
    const { captured_at } = document.components.schemas.SessionCaptured.properties;
    expect(captured_at).toEqual({ type: 'string', format: 'date-time', pattern: 'Z$' });
  });
});
