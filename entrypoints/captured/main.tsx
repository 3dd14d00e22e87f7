import { signal } from '@preact/signals';
import { render } from 'preact';
import { Captured } from '../../components/captured.tsx';
import type { Fate } from '../../utils/domain/capture/outcome.ts';
import { actions, now, shown, watchScreen } from '../../utils/services/screen.ts';

// Quick while the background judges, patient afterwards: a login that was taken for lost may still be taken up.
const ASK_AGAIN_MS = { waiting: 300, said: 2_000 };

const since = Date.now();
const fate = signal<Fate>({ is: 'waiting' });

async function ask(): Promise<void> {
  const reply = await actions.send({ type: 'captured-shown', since }).catch(() => undefined);
  if (reply?.ok && reply.fate) fate.value = reply.fate;
  const { is } = fate.value;
  if (is === 'waiting' || is === 'lost' || is === 'nothing')
    setTimeout(ask, is === 'waiting' ? ASK_AGAIN_MS.waiting : ASK_AGAIN_MS.said);
}

function App() {
  return <Captured overview={shown.value} fate={fate.value} now={now.value} actions={actions} />;
}

void ask();
void watchScreen('captured_title').then(() => render(<App />, document.getElementById('app') ?? document.body));
