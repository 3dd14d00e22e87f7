import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { createSenderOf } from '../../../backend/src/http/sender.ts';

const PROXIES = ['127.0.0.1', '10.0.0.0/8', '2001:db8:1::/48'];

async function senderOf(forwarded: string, remoteAddress = '127.0.0.1'): Promise<string> {
  const app = new Hono();
  const of = createSenderOf(PROXIES);
  app.get('/', (context) => context.text(of(context)));
  const connection = { incoming: { socket: { remoteAddress } } };
  return (await app.request('/', { headers: { 'x-forwarded-for': forwarded } }, connection)).text();
}

describe('the sender behind proxies that the person listed', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['198.51.100.1, 203.0.113.7', '203.0.113.7'],
    ['198.51.100.1, 203.0.113.7, 10.1.2.3', '203.0.113.7'],
    // Azure's gateway and IIS write the port as well.
    ['203.0.113.7:51234', '203.0.113.7'],
    ['203.0.113.7:51234, 10.1.2.3:80', '203.0.113.7'],
    ['[2001:db8:2:3:4:5:6:7]:51234', '2001:db8:2:3'],
    ['[2001:db8:2:3:4:5:6:7], [2001:db8:1::9]:443', '2001:db8:2:3'],
    // What is no address is nobody's: the proxy itself counts.
    ['unknown', '127.0.0.1'],
    ['203.0.113.7:51234:1', '127.0.0.1'],
    ['', '127.0.0.1'],
  ])('is read out of %j', async (forwarded, sender) => expect(await senderOf(forwarded)).toBe(sender));

  it('is the connection’s own where that is no listed proxy', async () =>
    expect(await senderOf('203.0.113.7:51234', '192.0.2.4')).toBe('192.0.2.4'));
});
