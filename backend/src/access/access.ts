import type { Context } from 'hono';
import { MINUTE } from '../../../utils/shared/time.ts';
import type { Config } from '../config/config.ts';
import { metricsKey, sessionKey } from '../config/secrets.ts';
import { createAdmin } from '../console/admin/admin.ts';
import { createSenderLimit } from '../http/limit.ts';
import type { Self } from '../http/names.ts';
import { createSenderOf } from '../http/sender.ts';
import type { Store } from '../store/store.ts';
import { createBegunLogins } from './begun-logins.ts';
import { isThisMachine } from './this-machine.ts';

const WRONG_KEYS_A_MINUTE = 10;

/** What decides who may call which route. `port` is read at each request. */
export function createAccess(config: Config, { spent, key }: Store, port: () => number, now: () => number) {
  const { dataDir, publicUrl, allowedHosts, trustedProxies, adminPassword: password } = config;
  const self: Self = { port, publicUrl, allowedHosts };
  const senderOf = createSenderOf(trustedProxies);
  const admits = createSenderLimit(WRONG_KEYS_A_MINUTE, MINUTE);
  return {
    self,
    senderOf,
    admin: createAdmin({ spent, key, password, publicUrl, senderOf, now }),
    logins: createBegunLogins({ spent, key, publicUrl, now }),
    sessionKey: sessionKey(dataDir),
    metricsKey: metricsKey(dataDir),
    mayMiss: (context: Context) => admits(senderOf(context), now()),
    isThisMachine: (context: Context) => isThisMachine(context, self),
  };
}
