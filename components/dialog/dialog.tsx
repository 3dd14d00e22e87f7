import { formatNumber, keyOf, say, sayCount } from '../../utils/domain/base/words.ts';
import type { DialogView, Row } from '../../utils/domain/hold/hold-list.ts';
import { inWords } from '../../utils/domain/hold/replay.ts';
import { ProofChain } from '../account-card/proof-chain.tsx';

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
        <h1 id="title">{isRenewed ? say('dialog_send') : say('dialog_log_in_to', view.broker)}</h1>
      </header>
      <p id="about">{isRenewed ? say('dialog_confirm') : about(view)}</p>
      {!isRenewed && <Progress view={view} />}
      {rows.length > 0 && (
        <ul class="rows">
          {rows.map((row) => (
            <RequestRow key={row.id} row={row} />
          ))}
        </ul>
      )}
      {isRenewed ? <Finish rows={rows} /> : <LoginButtons view={view} />}
      <footer>{say('dialog_no_fields')}</footer>
    </>
  );
}

function about({ account, login: { waiting, pages }, oldest, rows }: DialogView): string {
  const many = Math.max(waiting, 1);
  return [
    say('dialog_ended', account),
    pages > 1 ? sayCount('dialog_waits_in_pages', many, formatNumber(pages)) : sayCount('dialog_waits', many),
    oldest && say('dialog_oldest', inWords(oldest)),
    rows.length > 0 && say('dialog_acts'),
  ]
    .filter(Boolean)
    .join(' ');
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
  return (
    <div class="buttons">
      <button type="button" class="primary" data-act="log-in">
        {say(`dialog_log_in_${login.step}`)}
      </button>
      <button type="button" data-act="cancel">
        {say('cancel')}
      </button>
      <button type="button" class="quiet" data-act="paste">
        {say('dialog_paste')}
      </button>
    </div>
  );
}

function Finish({ rows }: { rows: readonly Row[] }) {
  const left = rows.some(({ state }) => state === 'ready');
  return (
    <div class="buttons">
      <button type="button" data-act="close">
        {say(left ? 'dialog_discard_all' : 'close')}
      </button>
    </div>
  );
}

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
          {state !== 'ready' && ` · ${say(`dialog_row_${keyOf(state)}`)}`}
        </small>
      </div>
      {state === 'ready' && (
        <div class="buttons">
          <button
            type="button"
            class="primary"
            data-act="send"
            data-id={id}
            aria-label={say('dialog_row_send_it', method, target)}
          >
            {say('dialog_row_send')}
          </button>
          <button
            type="button"
            class="quiet"
            data-act="discard"
            data-id={id}
            aria-label={say('dialog_row_discard_it', method, target)}
          >
            {say('dialog_row_discard')}
          </button>
        </div>
      )}
    </li>
  );
}
