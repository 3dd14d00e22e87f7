import type { DialogView, Row } from '../../utils/domain/hold-list.ts';
import { inWords } from '../../utils/domain/replay.ts';
import { ProofChain } from '../proof-chain.tsx';

/** What a held page shows its person. Buttons only name what they ask for: who pressed them is judged in one place, see open.tsx. */
export function DialogContent({ view }: { view: DialogView }) {
  const { login, rows } = view;
  const isRenewed = login.step === 'renewed' || !login.isChosen;
  return (
    <>
      <header>
        <svg class="bell" viewBox="0 0 24 24" aria-hidden="true">
          <path d="M6 16v-5a6 6 0 0 1 12 0v5l2 2H4z" />
          <path d="M10 21h4" />
        </svg>
        <h1 id="title">{isRenewed ? 'Send these now?' : `Log in to ${view.broker} to go on`}</h1>
      </header>
      <p id="about">{isRenewed ? CONFIRM : about(view)}</p>
      {!isRenewed && <Progress view={view} />}
      {rows.length > 0 && (
        <ul class="rows">
          {rows.map((row) => (
            <RequestRow key={row.id} row={row} />
          ))}
        </ul>
      )}
      {isRenewed ? <Finish rows={rows} /> : <LoginButtons view={view} />}
      <footer>Opening Bell. This dialog has no field for a password or a token, and never will.</footer>
    </>
  );
}

const CONFIRM =
  'You are logged in again. These requests may act on your account, so each goes out only when you press Send.';

function about({ account, login, oldest, rows }: DialogView): string {
  const many = login.waiting === 1 ? 'One request waits' : `${Math.max(login.waiting, 1)} requests wait`;
  const where = login.pages > 1 ? ` in ${login.pages} pages` : '';
  const age = oldest ? `, here the oldest is ${inWords(oldest)}` : '';
  const acts = rows.length > 0 ? ' What may act on your account is listed below, and asks you before it is sent.' : '';
  return `The broker session of ${account} has ended. ${many}${where} for a login${age}.${acts}`;
}

function Progress({ view: { login } }: { view: DialogView }) {
  return (
    <div class="progress" role="status">
      {login.links && <ProofChain links={login.links} />}
      {login.says && (
        <p class={login.step === 'failed' ? 'note bad' : 'note'} role={login.step === 'failed' ? 'alert' : undefined}>
          {login.says}
        </p>
      )}
    </div>
  );
}

function LoginButtons({ view: { login } }: { view: DialogView }) {
  const label = { ask: 'Log in', working: 'Show the login page', failed: 'Try again', renewed: 'Log in' }[login.step];
  return (
    <div class="buttons">
      <button type="button" class="primary" data-act="log-in">
        {label}
      </button>
      <button type="button" data-act="cancel">
        Cancel
      </button>
      <button type="button" class="quiet" data-act="paste">
        Paste a token
      </button>
    </div>
  );
}

function Finish({ rows }: { rows: readonly Row[] }) {
  const left = rows.some(({ state }) => state === 'ready');
  return (
    <div class="buttons">
      <button type="button" data-act="close">
        {left ? 'Discard what is left' : 'Close'}
      </button>
    </div>
  );
}

const STATES: Record<Row['state'], string> = {
  waiting: 'waits for the login',
  ready: '',
  sending: 'sending…',
  'auth-required': 'Refused again: the new session was not accepted.',
  lost: 'Sent again, but no answer came.',
  unknown: 'Sent, but no answer came: it may have been carried out. Look in your order book; it is not sent again.',
  found: 'Sent. The answer was lost, but the server says that it was carried out.',
  missing: 'The answer was lost, and the server says that it never arrived.',
  'too-old': 'Too old: it was not sent, and the page got its first answer.',
};

function RequestRow({ row: { id, method, target, description, age, state } }: { row: Row }) {
  return (
    <li data-row={id} data-state={state}>
      <div class="what">
        {description && <strong>{description}</strong>}
        <code>
          {method} {target}
        </code>
        <small>
          {inWords(age)}
          {STATES[state] && ` · ${STATES[state]}`}
        </small>
      </div>
      {state === 'ready' && (
        <div class="buttons">
          <button type="button" class="primary" data-act="send" data-id={id} aria-label={`Send ${method} ${target}`}>
            Send
          </button>
          <button
            type="button"
            class="quiet"
            data-act="discard"
            data-id={id}
            aria-label={`Discard ${method} ${target}`}
          >
            Discard
          </button>
        </div>
      )}
    </li>
  );
}
