import { Hono } from 'hono';
import type { AccountName } from '../../config/account-name.ts';
import { readFields, textField } from '../../http/fields.ts';
import type { Operation } from '../../queue/operation.ts';
import { type Enter, refusedWords } from '../../session/entry.ts';
import type { BreezeAccount } from '../breeze-account.ts';
import type { Triggered } from './trigger.ts';

/** The operations that the Django system triggers, all of them on a Breeze account. */
const TRIGGERED = ['futures_algorithm', 'verify_trade', 'nifty_strangle'];

export interface DjangoRoutes {
  enter: Enter;
  trigger(operation: Operation, account: AccountName, params: unknown): Promise<Triggered>;
  operations: readonly Operation[];
  breeze: BreezeAccount;
}

/** `POST /trigger/update-breeze-session/` and `POST /trigger/<operation>/`, for the administrator alone. */
export function djangoRoutes({ enter, trigger, operations, breeze }: DjangoRoutes): Hono {
  const routes = new Hono();

  routes.on('POST', paths('update-breeze-session'), breeze.isKnown, async (context) => {
    const outcome = await enter(breeze.of(context), textField(await readFields(context), 'session_token'));
    return outcome.ok
      ? context.json({ success: true, message: 'The session is updated.' })
      : context.json({ success: false, auth_required: false, error: refusedWords(outcome) });
  });

  for (const operation of operations.filter(({ name }) => TRIGGERED.includes(name)))
    routes.on('POST', paths(operation.name.replaceAll('_', '-')), breeze.isKnown, async (context) => {
      const { csrfmiddlewaretoken: _csrf, ...params } = await readFields(context);
      return context.json(await trigger(operation, breeze.of(context), fromForm(params)));
    });
  return routes;
}

/** Django's own paths end with a slash. */
function paths(name: string): string[] {
  return [`/trigger/${name}/`, `/trigger/${name}`];
}

/** A form knows text only. */
function fromForm(fields: Record<string, unknown>): Record<string, unknown> {
  const value = (text: unknown) => (text === 'true' ? true : text === 'false' ? false : text);
  return Object.fromEntries(Object.entries(fields).map(([name, text]) => [name, value(text)]));
}
