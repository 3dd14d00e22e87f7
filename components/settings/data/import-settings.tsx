import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { ToldProblem } from '../../../utils/domain/base/check.ts';
import { say } from '../../../utils/domain/base/words.ts';
import type { ImportPreview } from '../../../utils/domain/hold/messages.ts';
import { LARGEST_BYTES } from '../../../utils/domain/transfer/settings-file.ts';
import type { Actions } from '../../ui/actions.ts';
import { ImportChanges } from './import-changes.tsx';

type State =
  | { is: 'empty' }
  | { is: 'reading' }
  | { is: 'wrong'; problems: readonly ToldProblem[] }
  | { is: 'shown'; text: string; preview: ImportPreview }
  | { is: 'done' };

/** A settings file is shown first, change by change; only then can it be taken in. */
export function ImportSettings({ actions }: { actions: Actions }) {
  const state = useSignal<State>({ is: 'empty' });
  const input = useRef<HTMLInputElement>(null);
  const clear = (next: State) => {
    state.value = next;
    if (input.current) input.current.value = '';
  };
  const wrong = (problems: readonly ToldProblem[]) => clear({ is: 'wrong', problems });
  const look = async (file: File | undefined) => {
    if (!file) return;
    if (file.size > LARGEST_BYTES) return wrong([{ field: 'file', message: say('problem_file_large') }]);
    state.value = { is: 'reading' };
    const text = await file.text().catch(() => null);
    if (text === null) return wrong([{ field: 'file', message: say('problem_file_unreadable') }]);
    const reply = await actions.send({ type: 'preview-import', text });
    if (!reply.ok) return wrong(reply.problems);
    if (reply.preview) state.value = { is: 'shown', text, preview: reply.preview };
  };
  const importFile = async (text: string, { stamp }: ImportPreview) => {
    const reply = await actions.send({ type: 'import', text, stamp });
    if (reply.ok) clear({ is: 'done' });
    else wrong(reply.problems);
  };
  const { value: now } = state;
  return (
    <section class="card" aria-labelledby="import">
      <h3 id="import">{say('data_import')}</h3>
      <p>{say('data_import_what')}</p>
      <label class="file">
        {say('data_file')}
        <input
          ref={input}
          type="file"
          name="settings-file"
          accept="application/json,.json"
          onChange={(event) => void look(event.currentTarget.files?.[0])}
        />
      </label>
      {now.is === 'reading' && <p role="status">{say('reading')}</p>}
      {now.is === 'wrong' && <Problems problems={now.problems} />}
      {now.is === 'done' && <p role="status">{say('data_imported')}</p>}
      {now.is === 'shown' && (
        <ImportChanges
          changes={now.preview.changes}
          onTake={() => void importFile(now.text, now.preview)}
          onCancel={() => clear({ is: 'empty' })}
        />
      )}
    </section>
  );
}

const SHOWN_PROBLEMS = 8;

function Problems({ problems }: { problems: readonly ToldProblem[] }) {
  return (
    <div class="note bad" role="alert" data-import="wrong">
      <p>{say('data_import_wrong')}</p>
      <ul class="list">
        {problems.slice(0, SHOWN_PROBLEMS).map(({ field, message }) => (
          <li key={field + message}>
            <code>{field}</code> {message}
          </li>
        ))}
      </ul>
    </div>
  );
}
