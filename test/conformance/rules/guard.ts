import { CONTRACT_VERSION, HEADER } from '../../../utils/shared/contract.ts';
import { MINUTE } from '../../../utils/shared/time.ts';
import type { Reply, Twist } from '../caller.ts';
import { broken, isTaken, ok, type Rule, saysOf } from '../rule.ts';

export const FOREIGN_SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;

/** Nothing is taken in that the secret did not sign. */
export const signature: Rule = {
  name: 'signature',
  async play(caller) {
    const forgeries: [string, Twist][] = [
      ['with another secret', { secret: FOREIGN_SECRET }],
      ['with no signature', { headers: { [HEADER.signature]: '' } }],
      ['with the beginning of a signature', { headers: { [HEADER.signature]: 'v1,' } }],
      ['with a text in place of a signature', { headers: { [HEADER.signature]: `v1,${'A'.repeat(43)}=` } }],
      ['with a signature of another body', { headers: caller.sign('chk_other_body', '{}') }],
      ['with a signature of another id', { headers: { [HEADER.id]: 'chk_another' } }],
      [
        'with a signature of another time',
        { headers: { [HEADER.timestamp]: String(Math.floor(Date.now() / 1_000) - 1) } },
      ],
    ];
    const taken: string[] = [];
    for (const [what, twist] of forgeries) if (isTaken(await caller.check(twist))) taken.push(what);
    return taken.length === 0
      ? ok('It refuses what is not signed with the secret.')
      : broken(
          `It takes a request ${taken.join(', and one ')}.`,
          'Compare the whole of webhook-signature, in constant time, with your own HMAC over id.timestamp.body, and answer 401 where they differ.',
        );
  },
};

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
    for (const minutes of [-6, 6])
      if (isTaken(await caller.check({ at: Date.now() + minutes * MINUTE })))
        return broken(
          `It takes a request that is signed ${Math.abs(minutes)} minutes ${minutes < 0 ? 'ago' : 'ahead'}.`,
          'Refuse as stale_timestamp what is more than 300 seconds away from your clock, on either side.',
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

/** An id comes back in a signed answer, so a text of the caller's choice must not pass for one. */
export const safeId: Rule = {
  name: 'safe-id',
  async play(caller) {
    const id = '{"type":"session.report"}';
    const reply = await caller.check({ id, secret: FOREIGN_SECRET });
    return reply.isSigned && reply.answer?.id === id
      ? broken(
          'It signs any id that a stranger sends.',
          'Take an id of 1 to 64 letters, digits, _ or -; for any other one answer with an empty id.',
        )
      : ok('It signs no text of a stranger’s choice.');
  },
};

export const version: Rule = {
  name: 'version',
  async play(caller) {
    const { account } = caller.target;
    const reply = await caller.post(JSON.stringify({ version: CONTRACT_VERSION + 1, type: 'session.check', account }));
    return isTaken(reply)
      ? broken('It takes a message of a version that it cannot know.', 'Refuse as bad_request what is not version 1.')
      : ok('It refuses versions that it does not know.');
  },
};

export const account: Rule = {
  name: 'account',
  async play(caller) {
    const message = { version: CONTRACT_VERSION, type: 'session.check', account: 'no such account' };
    const reply: Reply = await caller.post(JSON.stringify(message));
    return isTaken(reply)
      ? broken(
          'It answers for an account that it does not have.',
          'Compare account with the name you know, and refuse another one as wrong_account.',
        )
      : ok('It refuses an account that it does not have.');
  },
};

const LARGE_BYTES = 1_000_000;

export const tooLarge: Rule = {
  name: 'too-large',
  async play(caller) {
    const { account } = caller.target;
    const small = JSON.stringify({ version: CONTRACT_VERSION, type: 'session.check', account });
    const reply = await caller.post(small + ' '.repeat(LARGE_BYTES - small.length));
    return isTaken(reply)
      ? broken(
          'It reads a request of a megabyte.',
          'Stop reading after 8 KiB and refuse: no message of the contract is longer.',
        )
      : ok('It refuses a request of a megabyte.');
  },
};
