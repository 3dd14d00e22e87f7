import { get, NO_ANSWER, send } from './send.js';
import { byId, clock, element, say } from './show.js';

const SHOWN = 20;
const CANCELLABLE = ['parked', 'queued', 'needs_confirmation'];

/** The latest requests, with what a person may decide about each. */
export async function showQueue() {
  const { jobs = [] } = await get('queue').catch(() => ({}));
  const none = element(
    'tr',
    { role: 'row' },
    element('td', { role: 'cell', colspan: '5', class: 'quiet' }, 'Nothing is waiting and nothing ran.'),
  );
  byId('queue').replaceChildren(...(jobs.length === 0 ? [none] : jobs.slice(0, SHOWN).map(row)));
}

function row(job) {
  const { label, account, state, created_at: at, problem } = job;
  const texts = [
    ['Account', account],
    ['State', state.replaceAll('_', ' ')],
    ['Since', clock(at)],
    ['What happened', problem],
  ];
  return element(
    'tr',
    { role: 'row' },
    element('td', { role: 'cell' }, label, element('div', { class: 'row' }, ...decisions(job))),
    ...texts.map(([name, text]) => element('td', { role: 'cell', 'data-name': name }, text)),
  );
}

function decisions({ id, label, state, acts, outcome_unknown: isUnknown }) {
  const isConfirmable = state === 'needs_confirmation' || (acts && isUnknown);
  return [
    ...(isConfirmable ? [button('Confirm', label, () => decide(id, 'confirm'))] : []),
    ...(CANCELLABLE.includes(state) ? [button('Cancel', label, () => decide(id, 'cancel'))] : []),
  ];
}

function button(text, label, act) {
  const made = element('button', { type: 'button', 'aria-label': `${text}: ${label}` }, text);
  // A second click must not come while the first one waits.
  made.addEventListener('click', act, { once: true });
  return made;
}

async function decide(id, decision) {
  say('queue-message', 'Asking …');
  const { error, job } = await send(`queue/${id}/${decision}`, {}).catch(() => ({ error: NO_ANSWER }));
  const isRefused = error !== undefined && job?.state !== 'cancelled';
  say('queue-message', isRefused ? error : '', isRefused ? 'bad' : '');
  await showQueue();
}
