import { CONTRACT_VERSION, HEADER } from '../../../utils/shared/contract.ts';
import { MINUTE } from '../../../utils/shared/time.ts';
import { type Caller, madeUpToken, type Reply, type Twist } from '../caller.ts';
import { broken, isRefusedAs, isTaken, ok, type Rule, saysOf, unseen } from '../rule.ts';

export const FOREIGN_SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;

/** Nothing is taken in that the secret did not sign. */
export const signature: Rule = {
  name: 'signature',
  async play(caller) {
    const forgeries: [string, Twist][] = [
      ['with another secret', { secret: FOREIGN_SECRET }],
      ['with no signature', { headers: { [HEADER.signature]: '' } }],
      ['without the header of the signature', { headers: { [HEADER.signature]: undefined } }],
      ['with the beginning of a signature', { headers: { [HEADER.signature]: 'v1,' } }],
      ['with a text in place of a signature', { headers: { [HEADER.signature]: `v1,${'A'.repeat(43)}=` } }],
      ['with one half of a signature', halfSigned(caller)],
      ['with a signature of another body', { headers: caller.sign('chk_other_body', '{}') }],
      ['with a signature of another id', { headers: { [HEADER.id]: 'chk_another' } }],
      [
        'with a signature of another time',
        { headers: { [HEADER.timestamp]: String(Math.floor(Date.now() / 1_000) - 1) } },
      ],
    ];
    const taken: string[] = [];
    const misnamed: Reply[] = [];
    for (const [what, twist] of forgeries) {
      const reply = await caller.check(twist);
      if (isTaken(reply)) taken.push(what);
      // Whoever counts wrong signatures may say so in place of the reason.
      else if (!isRefusedAs(reply, 'bad_signature') && !isRefusedAs(reply, 'rate_limited')) misnamed.push(reply);
    }
    const token = await dryRunOf(caller, {}, { secret: FOREIGN_SECRET });
    if (isTaken(token)) taken.push('for a token with another secret');
    if (taken.length > 0)
      return broken(
        `It takes a request ${taken.join(', and one ')}.`,
        'Compare the whole of webhook-signature, in constant time, with your own HMAC over id.timestamp.body, and answer 401 where they differ.',
      );
    const [first] = misnamed;
    return first === undefined
      ? ok('It refuses what is not signed with the secret.')
      : broken(
          `A request with a wrong signature is not refused as bad_signature. ${saysOf(first)}`,
          'Verify the signature before anything else, and refuse as bad_signature with 401.',
        );
  },
};

/** A check whose signature is right in its first half only. */
function halfSigned(caller: Caller): Twist {
  const { account } = caller.target;
  const id = 'chk_half_of_a_signature';
  const body = JSON.stringify({ version: CONTRACT_VERSION, type: 'session.check', account });
  const { [HEADER.signature]: whole = '', ...signed } = caller.sign(id, body);
  const half = whole.slice(0, whole.length / 2);
  return { id, headers: { ...signed, [HEADER.signature]: half.padEnd(whole.length - 1, 'A') + whole.slice(-1) } };
}

/** A token that comes to no harm where it is taken. */
function dryRunOf(caller: Caller, change: object, twist?: Twist): Promise<Reply> {
  return caller.capture({ ...caller.captured(madeUpToken('Guard'), { dry_run: true }), ...change }, twist);
}

/** The signature is over the bytes that came, however the JSON is written. */
export const rawBytes: Rule = {
  name: 'raw-bytes',
  async play(caller) {
    const { account } = caller.target;
    const spaced = `{ "type": "session.check",\n  "version": ${CONTRACT_VERSION}, "account": ${JSON.stringify(account)} }`;
    const reply = await caller.post(spaced);
    return reply.outcome.kind === 'reported'
      ? ok('It verifies over the raw bytes.')
      : broken(
          `It refuses a rightly signed check that is only written with blanks. ${saysOf(reply)}`,
          'Verify over the body as it came; do not parse it and write it again first. Express: the route stands before express.json().',
        );
  },
};

/** A request that somebody recorded is worth nothing five minutes later; a clock that is a little off does no harm. */
export const skew: Rule = {
  name: 'skew',
  async play(caller) {
    for (const minutes of [-6, 6]) {
      const reply = await caller.check({ at: Date.now() + minutes * MINUTE });
      const what = `a request that is signed ${Math.abs(minutes)} minutes ${minutes < 0 ? 'ago' : 'ahead'}`;
      if (!isRefusedAs(reply, 'stale_timestamp'))
        return broken(
          isTaken(reply) ? `It takes ${what}.` : `It does not refuse ${what} as stale_timestamp. ${saysOf(reply)}`,
          'Refuse as stale_timestamp what is more than 300 seconds away from your clock, on either side.',
        );
    }
    const recorded = await dryRunOf(caller, {}, { at: Date.now() - 6 * MINUTE });
    if (isTaken(recorded))
      return broken(
        'It takes a token whose request was signed 6 minutes ago.',
        'Look at the timestamp before the type of the message: a recorded token is a request like any other.',
      );
    for (const minutes of [-4, 4]) {
      const reply = await caller.check({ at: Date.now() + minutes * MINUTE });
      if (!isTaken(reply))
        return broken(
          `It refuses a request that is only ${Math.abs(minutes)} minutes ${minutes < 0 ? 'old' : 'ahead'}. ${saysOf(reply)}`,
          'Allow 300 seconds on either side, and keep the receiver’s clock right.',
        );
    }
    return ok('It allows 300 seconds of clock difference, and no more.');
  },
};

const UNSAFE_IDS: readonly [what: string, id: string][] = [
  ['another message', '{"type":"session.report"}'],
  ['65 letters', 'a'.repeat(65)],
  // The dot divides the parts of what is signed.
  ['letters and a dot', 'chk.1795230000'],
];

/** An id comes back in a signed answer, so a text of the caller's choice must not pass for one. */
export const safeId: Rule = {
  name: 'safe-id',
  async play(caller) {
    for (const [what, id] of UNSAFE_IDS) {
      const reply = await caller.check({ id, secret: FOREIGN_SECRET });
      const isRepeated = [reply.id, reply.answer?.id].some((one) => one !== null && one !== undefined && one !== '');
      if (reply.isSigned && isRepeated)
        return broken(
          `It signs an id of ${what} that a stranger sends.`,
          'Take an id of 1 to 64 letters, digits, _ or -; for any other one answer with an empty id.',
        );
    }
    return ok('It signs no text of a stranger’s choice.');
  },
};

export const version: Rule = {
  name: 'version',
  async play(caller) {
    const { account } = caller.target;
    const check = { version: CONTRACT_VERSION + 1, type: 'session.check', account };
    const first = await caller.post(JSON.stringify(check));
    const reply = isRefusedAs(first, 'bad_request') ? await dryRunOf(caller, { version: check.version }) : first;
    return isRefusedAs(reply, 'bad_request')
      ? ok('It refuses versions that it does not know.')
      : broken(
          isTaken(reply)
            ? 'It takes a message of a version that it cannot know.'
            : `Version ${CONTRACT_VERSION + 1} is not refused as bad_request. ${saysOf(reply)}`,
          'Refuse as bad_request what is not version 1, checks and captures alike.',
        );
  },
};

export const account: Rule = {
  name: 'account',
  async play(caller) {
    const message = { version: CONTRACT_VERSION, type: 'session.check', account: 'no such account' };
    const first = await caller.post(JSON.stringify(message));
    const reply = isRefusedAs(first, 'wrong_account') ? await dryRunOf(caller, { account: message.account }) : first;
    return isRefusedAs(reply, 'wrong_account')
      ? ok('It refuses an account that it does not have.')
      : broken(
          isTaken(reply)
            ? 'It answers for an account that it does not have.'
            : `An account that it does not have is not refused as wrong_account. ${saysOf(reply)}`,
          'Compare account with the name you know, in checks and in captures, and refuse another one as wrong_account.',
        );
  },
};

const SHORT_BYTES = 200;
const LONGEST_BYTES = 8_192;
const LONGER_BYTES = 9_000;
const LARGE_BYTES = 1_000_000;

/** No message is longer than 8 KiB; up to there each one is read. */
export const tooLarge: Rule = {
  name: 'too-large',
  async play(caller) {
    const longest = await checkOf(caller, LONGEST_BYTES);
    const isRead = longest.outcome.kind === 'reported';
    if (!isRead && (await checkOf(caller, SHORT_BYTES)).outcome.kind !== 'reported')
      return unseen('It reads no check that is filled up with blanks, so no length was seen.');
    if (!isRead)
      return broken(
        `It does not read a request of 8 KiB. ${saysOf(longest)}`,
        'Read a body of up to 8192 bytes: raise the limit of the parser or the proxy before the route.',
      );
    const longer = await checkOf(caller, LONGER_BYTES);
    // A proxy that counts the bytes says 413.
    if (!isRefusedAs(longer, 'bad_request') && longer.status !== 413)
      return broken(
        isTaken(longer)
          ? `It reads a request of ${LONGER_BYTES} bytes.`
          : `A request of ${LONGER_BYTES} bytes is not refused as bad_request. ${saysOf(longer)}`,
        'Refuse as bad_request what is longer than 8192 bytes: no message of the contract is.',
      );
    return isTaken(await checkOf(caller, LARGE_BYTES))
      ? broken(
          'It reads a request of a megabyte.',
          'Stop reading after 8 KiB and refuse: no message of the contract is longer.',
        )
      : ok('It reads 8 KiB, and refuses a longer request.');
  },
};

/** A rightly signed check, filled up with blanks to a length. */
function checkOf(caller: Caller, bytes: number): Promise<Reply> {
  const { account } = caller.target;
  const small = JSON.stringify({ version: CONTRACT_VERSION, type: 'session.check', account });
  return caller.post(small + ' '.repeat(bytes - small.length));
}
