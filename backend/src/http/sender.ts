import { BlockList, isIP, isIPv6 } from 'node:net';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';

/** Who sent a request: the address to count it by. */
export type SenderOf = (context: Context) => string;

/** The address at the other end of the connection, or, behind a proxy that the person listed, the one it forwarded for. */
export function createSenderOf(trustedProxies: readonly string[]): SenderOf {
  const trusted = addressList(trustedProxies);
  return (context) => {
    const forwarded = (context.req.header('x-forwarded-for') ?? '').split(',').map((text) => text.trim());
    let address = addressOf(context);
    // The proxy nearest to us writes last: whatever stands before the first address that is no proxy's may be made up.
    while (includes(trusted, address)) {
      const before = withoutPort(forwarded.pop() ?? '');
      if (isIP(before) === 0) break;
      address = before;
    }
    return group(address);
  };
}

/** Some proxies write the port as well: `203.0.113.7:51234`, `[2001:db8::7]:51234`. */
function withoutPort(text: string): string {
  const [, four, six] = /^(?:([\d.]+):\d+|\[([^\]]+)\](?::\d+)?)$/.exec(text) ?? [];
  return four ?? six ?? text;
}

/** The address at the other end of the connection. */
export function addressOf(context: Context): string {
  return getConnInfo(context).remote.address ?? '';
}

/** Addresses and networks, as `10.0.0.5` or `10.0.0.0/8`. */
export function addressList(texts: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of texts) {
    const [address = '', prefix] = text.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

export function includes(list: BlockList, address: string): boolean {
  return isIP(address) !== 0 && list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** One household has 2^64 addresses of IPv6: they count as one sender. */
function group(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address;
  const [head = '', tail] = address.split('::');
  const groups = tail === undefined ? head.split(':') : [...head.split(':').filter(Boolean), '0', '0', '0', '0'];
  return groups.slice(0, 4).join(':');
}
