import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { isLoopbackHost, type Self } from '../http/names.ts';
import { addressList, addressOf, includes } from '../http/sender.ts';

const LOOPBACK = addressList(['127.0.0.0/8', '::1']);

/** Whatever proxies write of the one they ask for. */
const FORWARDED =
  /^(forwarded|via|x-forwarded|x-forwarded-.*|x-real-ip|x-client-ip|x-original-.*|true-client-ip|cf-connecting-ip|fly-client-ip)$/;

/**
 * True where a program on this machine asks for itself, and no proxy does for another. HTTP/1.0 is the mark of an nginx
 * before 1.29.7 whose configuration passes nothing on (nginx.org/en/CHANGES, 2026-03).
 */
export function isThisMachine(context: Context, self: Self): boolean {
  return (
    includes(LOOPBACK, addressOf(context)) &&
    isLoopbackHost(self, context.req.header('host') ?? '') &&
    !Object.keys(context.req.header()).some((name) => FORWARDED.test(name)) &&
    (context.env as HttpBindings).incoming.httpVersion !== '1.0'
  );
}
