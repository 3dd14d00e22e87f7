import { useSignal } from '@preact/signals';
import { tellProblems } from '../../../utils/domain/base/tell-problem.ts';
import { say } from '../../../utils/domain/base/words.ts';
import { istClock } from '../../../utils/shared/time.ts';
import type { Actions } from '../../ui/actions.ts';
import type { SectionProps } from '../section.tsx';
import { ForgetEverything } from './forget-everything.tsx';
import { ImportSettings } from './import-settings.tsx';

/** The settings as a file, out and in, and the way to leave nothing behind. */
export function Data({ now, actions }: SectionProps) {
  return (
    <>
      <ExportSettings now={now} actions={actions} />
      <ImportSettings actions={actions} />
      <ForgetEverything actions={actions} />
    </>
  );
}

function ExportSettings({ now, actions }: { now: number; actions: Actions }) {
  const says = useSignal('');
  const save = async () => {
    const reply = await actions.send({ type: 'export' });
    const name = `opening-bell-settings-${istClock(now).date}.json`;
    if (reply.ok) download(name, reply.text ?? '');
    says.value = reply.ok ? say('data_exported', name) : tellProblems(reply.problems);
  };
  return (
    <section class="card" aria-labelledby="export">
      <h3 id="export">{say('data_export')}</h3>
      <p>{say('data_export_what')}</p>
      <div class="row">
        <button type="button" data-action="export" onClick={() => void save()}>
          {say('data_export')}
        </button>
        <span role="status">{says}</span>
      </div>
    </section>
  );
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  URL.revokeObjectURL(url);
}
