import { parseArgs } from 'node:util';
import { type Checked, check, explain, told as inWords } from '../../utils/domain/base/check.ts';
import { BROKER_IDS } from '../../utils/shared/brokers/index.ts';
import { AccountName, BrokerId } from '../../utils/shared/contract.ts';
import { readPairing, Secret } from '../../utils/shared/pairing.ts';
import { z } from '../../utils/shared/schema.ts';
import { DestinationUrl } from '../../utils/shared/urls.ts';
import { speakEnglish } from '../support/speak-english.ts';
import type { Target } from './caller.ts';
import { type Played, play } from './play.ts';

const USAGE = `npm run conformance -- [ADDRESS] [--account NAME] [--broker ${BROKER_IDS.join('|')}] [--spent-token TOKEN] [--json]

Plays the extension against a receiver of the delivery contract, rule by rule. It sends made-up tokens.
The secret (whsec_…) or a pairing string (obp1_…, which holds the address too) comes from the variable
OPENING_BELL_SECRET or from standard input, never from the command line, where every program could read it.
Ends with 0 where no rule is broken, 1 where one is, 2 where it could not begin.`;

const TargetForm = z.strictObject({ url: DestinationUrl, secret: Secret, account: AccountName, broker: BrokerId });

const MARK: Record<Played['found'], string> = { ok: '✓', broken: '✕', advice: '!', unseen: '·' };

speakEnglish();
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    account: { type: 'string' },
    broker: { type: 'string' },
    'spent-token': { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const target = values.help ? null : await readTarget();
if (target?.ok) {
  const played = await play(target.value, values['spent-token'] ?? null);
  process.stdout.write(values.json ? `${JSON.stringify(summary(played), null, 2)}\n` : told(played));
  process.exitCode = played.some(({ found }) => found === 'broken') ? 1 : 0;
} else {
  console.error(target ? `${explain(target.problems)}\n\n${USAGE}` : USAGE);
  process.exitCode = values.help ? 0 : 2;
}

async function readTarget(): Promise<Checked<Target>> {
  const [url] = positionals;
  const secret = process.env.OPENING_BELL_SECRET ?? (process.stdin.isTTY ? '' : await fromStdin());
  if (secret.startsWith('obp1_')) {
    const read = inWords(readPairing(secret));
    if (!read.ok) return read;
    const { account, broker } = read.value;
    return check(TargetForm, { account, broker, url: url ?? read.value.url, secret: read.value.secret });
  }
  const broker = values.broker ?? 'zerodha';
  return check(TargetForm, { url, secret, broker, account: values.account ?? broker });
}

async function fromStdin(): Promise<string> {
  const chunks = await process.stdin.toArray();
  return Buffer.concat(chunks).toString().trim();
}

function summary(played: readonly Played[]) {
  const count = (found: Played['found']) => played.filter((one) => one.found === found).length;
  return { ok: count('ok'), broken: count('broken'), advice: count('advice'), unseen: count('unseen'), rules: played };
}

function told(played: readonly Played[]): string {
  const { broken, advice, unseen } = summary(played);
  const lines = played.map((one) => {
    const mend = 'mend' in one ? `\n      ${one.mend}` : '';
    return `${MARK[one.found]} ${one.rule.padEnd(11)} ${one.says}${mend}`;
  });
  const verdict = broken === 0 ? 'No rule is broken' : `${broken} broken`;
  return `${lines.join('\n')}\n\n${verdict}; ${advice} to improve, ${unseen} not seen.\n`;
}
