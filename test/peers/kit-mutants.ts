import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rule } from '../conformance/rule.ts';
import { ahead, dryRun, oneToken, parallel, superseded, twice, user } from '../conformance/rules/delivery.ts';
import { account, safeId, signature, skew } from '../conformance/rules/guard.ts';
import { broker, malformed } from '../conformance/rules/messages.ts';
import { feed, queue } from '../conformance/rules/upstairs.ts';

/** A text of a kit that stands there once, and what breaks its rule in that place. */
type Change = [from: string, to: string];

interface Mutant {
  name: string;
  /** The rule that has to find it. */
  rule: Rule;
  python: Change;
  node: Change;
}

/** One line of a kit each, broken. A rule that passes them tests nothing. */
export const KIT_MUTANTS: readonly Mutant[] = [
  {
    name: 'any signature fits',
    rule: signature,
    python: ['any([hmac.compare_digest(one.encode(), own) for one in signature.split(" ")])', 'True'],
    node: ['if (!id || fits.length === 0)', 'if (!id)'],
  },
  {
    name: 'an old message fits',
    rule: skew,
    python: [' or abs(time.time() - int(at)) > 300', ''],
    node: [' || Math.abs(Date.now() / 1_000 - Number(at)) > 300', ''],
  },
  {
    name: 'any id is signed',
    rule: safeId,
    python: ['id if re.fullmatch("[A-Za-z0-9_-]{1,64}", id) else ""', 'id'],
    node: ["/^[A-Za-z0-9_-]{1,64}$/.test(given) ? given : ''", 'given'],
  },
  {
    name: 'a token has any shape',
    rule: malformed,
    python: [' re.fullmatch(rule["shape"], token["value"]),', ''],
    node: [', isText(token.value, shape))', ')'],
  },
  {
    name: 'another account’s message is taken',
    rule: account,
    python: ['if message["account"] != account()', 'if False'],
    node: ['if (message.account !== account())', 'if (false)'],
  },
  {
    name: 'another broker’s token is taken',
    rule: broker,
    python: ['if message["broker"] != broker()', 'if False'],
    node: ['if (message.broker !== broker())', 'if (false)'],
  },
  {
    name: 'a dry run is exchanged',
    rule: dryRun,
    python: ['if message.get("dry_run")', 'if False'],
    node: ['if (message.dry_run)', 'if (false)'],
  },
  {
    name: 'a login of tomorrow is taken',
    rule: ahead,
    python: ['if message["at"] > time.time() + 300', 'if False'],
    node: ['if (message.at > Date.now() + 300_000)', 'if (false)'],
  },
  {
    name: 'an answer is forgotten',
    rule: twice,
    python: ['if before and "reply" in before and not (', 'if False and not ('],
    node: ['if (before?.reply && !(', 'if (false && !('],
  },
  {
    name: 'two exchanges run at once',
    rule: parallel,
    python: ['with store("exchange", wait=10):', 'if True:'],
    node: ["() => lock('exchange', 10_000, () => deliver(id, message))", '() => deliver(id, message)'],
  },
  {
    name: 'an id is for two tokens',
    rule: oneToken,
    python: ['if before and before["mark"] != begun["mark"]', 'if False'],
    node: ['if (before && before.mark !== begun.mark)', 'if (false)'],
  },
  {
    name: 'an older login wins',
    rule: superseded,
    python: ['if at < last["at"]', 'if False'],
    node: ['if (at < last.at)', 'if (false)'],
  },
  {
    name: 'the pin is forgotten',
    rule: user,
    python: ['if len(pins) > 1', 'if False'],
    node: ['if (pins.size > 1)', 'if (false)'],
  },
  {
    name: 'what acts runs without a confirmation',
    rule: queue,
    python: ['one["state"] in ("parked", "queued"),', 'one["state"] in ("parked", "needs_confirmation"),'],
    node: ["state === 'parked' || state === 'queued',", "state === 'parked' || state === 'needs_confirmation',"],
  },
  {
    name: 'parked calls run in the wrong order',
    rule: queue,
    python: ['one for one in calls(db) if is_ready', 'one for one in calls(db)[::-1] if is_ready'],
    node: ['calls(db).find(mayRun)', 'calls(db).findLast(mayRun)'],
  },
  {
    name: 'a feed is live without a tick',
    rule: feed,
    python: ['feed.told["first_tick_at"] or iso()', 'None'],
    node: ['feed.told.first_tick_at ?? iso()', 'null'],
  },
];

/** Breaks the kit that lies in a folder. */
export function mutate(folder: string, [from, to]: Change): void {
  const files = readdirSync(folder)
    .filter((name) => /^opening[-_]bell/.test(name))
    .map((name) => join(folder, name));
  const holding = files.filter((file) => readFileSync(file, 'utf8').includes(from));
  const [file = ''] = holding;
  if (holding.length !== 1 || readFileSync(file, 'utf8').split(from).length !== 2)
    throw new Error(`the kit does not hold exactly once: ${from}`);
  writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
}
