import type { Broker } from '../../shared/brokers/broker.ts';
import { plainName } from '../../shared/brokers/names.ts';
import { z } from '../../shared/schema.ts';
import type { Seen } from './capture.ts';

const MOST_PARAMETERS = 20;
const UNKNOWN = '?';

/**
 * The shape of a redirect, to confirm what is known of a broker: how it came, from which host of the broker, and its
 * parameters in their order, each with its length. No value is in it, and no name but those that are known of the broker.
 */
export const Shape = z
  .string()
  .check(z.regex(/^(?:GET|POST) (?:header|page) [a-z0-9.-]{1,60}(?: (?:[A-Za-z_-]{1,30}|\?):\d{1,5}){0,20}$/));

/** The shape of a redirect that a broker's host or page sent; null where another sent it. */
export function shapeOf(broker: Broker, { url, form, origin, isHeader }: Seen): string | null {
  const host = broker.hosts.find((one) => origin === `https://${one}`);
  if (host === undefined) return null;
  const inForm = Object.entries(form ?? {}).flatMap(([name, values]) => values.map((value) => [name, value] as const));
  const parameters = [...new URL(url).searchParams, ...inForm].slice(0, MOST_PARAMETERS);
  const told = parameters.map(([name, value]) => `${nameOf(broker, name)}:${value.length}`);
  return [form ? 'POST' : 'GET', isHeader ? 'header' : 'page', host, ...told].join(' ');
}

function nameOf({ token, companions, adds, stateParameter }: Broker, name: string): string {
  const known = [...token.names, ...companions.flatMap(({ names }) => names), ...adds, stateParameter ?? ''];
  const isKnown =
    name.length <= 30 && /^[A-Za-z_-]+$/.test(name) && known.some((one) => plainName(one) === plainName(name));
  return isKnown ? name : UNKNOWN;
}
