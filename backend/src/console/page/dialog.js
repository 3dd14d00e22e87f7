import { forBreeze } from './breeze.js';
import { NO_ANSWER, send } from './send.js';
import { byId, say } from './show.js';

/** Asks for a new session token, and runs `retry` once the backend took it; cancelled, nothing runs. */
export function askForToken(retry) {
  const dialog = byId('login-dialog');
  const form = dialog.querySelector('form');
  const submit = byId('dialog-submit');
  const token = byId('dialog-token');
  const visit = new AbortController();
  const { signal } = visit;

  dialog.addEventListener('close', () => visit.abort(), { signal });
  byId('dialog-cancel').addEventListener('click', () => dialog.close(), { signal });
  form.addEventListener(
    'submit',
    async (event) => {
      event.preventDefault();
      if (submit.disabled) return;
      submit.disabled = true;
      submit.textContent = 'Updating …';
      const answer = await send(forBreeze('trigger/update-breeze-session/'), { session_token: token.value }).catch(
        () => ({
          error: NO_ANSWER,
        }),
      );
      submit.disabled = false;
      submit.textContent = 'Update & Retry';
      if (signal.aborted) return;
      if (answer.success !== true) {
        say('dialog-message', answer.error, 'bad');
        token.select();
        return;
      }
      say('dialog-message', 'The session is updated. Trying again …', 'good');
      dialog.close();
      await retry();
    },
    { signal },
  );

  token.value = '';
  say('dialog-message', '');
  dialog.showModal();
  token.focus();
}
