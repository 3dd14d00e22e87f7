import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Seen } from '../../../utils/domain/capture/capture.ts';
import { Shape, shapeOf } from '../../../utils/domain/capture/shape.ts';
import { brokers } from '../../../utils/shared/brokers/index.ts';
import { check } from '../../../utils/shared/schema.ts';

const HOME = 'http://127.0.0.1:8000/';
const seen = (change: Partial<Seen>): Seen => ({
  id: 'seen0001',
  tab: 7,
  url: HOME,
  origin: 'https://login.upstox.com',
  isHeader: false,
  start: null,
  ...change,
});

describe('the shape of a redirect', () => {
  it.each<[shape: string | null, broker: keyof typeof brokers, change: Partial<Seen>]>([
    ['GET page login.upstox.com code:6 state:4', 'upstox', { url: `${HOME}?code=secret&state=mark` }],
    [
      'GET header kite.zerodha.com action:5 status:7 request_token:6 ?:4',
      'zerodha',
      {
        origin: 'https://kite.zerodha.com',
        isHeader: true,
        url: `${HOME}?action=login&status=success&request_token=secret&my_name=Asha`,
      },
    ],
    [
      'POST page api.icicidirect.com apisession:8 API_Session:8',
      'icici',
      {
        origin: 'https://api.icicidirect.com',
        url: `${HOME}?apisession=51234567`,
        form: { API_Session: ['51234567'] },
      },
    ],
    [null, 'upstox', { origin: 'https://evil.example', url: `${HOME}?code=secret` }],
    [null, 'upstox', { origin: null }],
  ])('%s', (shape, broker, change) => expect(shapeOf(brokers[broker], seen(change))).toBe(shape));

  it('holds no value and no foreign name, whatever comes', () => {
    const pair = fc.tuple(fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/), fc.stringMatching(/^v[A-Za-z0-9]{9,40}$/));
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(brokers)), fc.array(pair, { maxLength: 30 }), (broker, pairs) => {
        const origin = `https://${broker.hosts[0]}`;
        const shape = shapeOf(broker, seen({ origin, url: `${HOME}?${new URLSearchParams(pairs)}` })) ?? '';
        expect(check(Shape, shape).ok).toBe(true);
        for (const [, value] of pairs) expect(shape).not.toContain(value);
      }),
    );
  });
});
