import { signal } from '@preact/signals';
import { render } from 'preact';
import { Welcome } from '../../components/welcome/welcome.tsx';
import type { WelcomeState } from '../../components/welcome/welcome-state.ts';
import { type Draft, NO_DRAFT } from '../../utils/domain/view/welcome.ts';
import { actions, now, shown, watchPinned, watchScreen } from '../../utils/services/screen.ts';
import { keepApiKey, keepDraft, readDraft } from '../../utils/services/store/draft.ts';

const draft = signal<Draft>(NO_DRAFT);
const apiKey = signal('');
const isPinned = signal<boolean | null>(null);

function keep(change: Partial<Draft>): void {
  draft.value = { ...draft.value, ...change };
  void keepDraft(draft.value);
}

function rememberApiKey(typed: string): void {
  apiKey.value = typed;
  void keepApiKey(typed);
}

function App() {
  const setup: WelcomeState = {
    draft: draft.value,
    apiKey: apiKey.value,
    isPinned: isPinned.value,
    actions,
    keep,
    keepApiKey: rememberApiKey,
  };
  return <Welcome overview={shown.value} now={now.value} setup={setup} />;
}

async function start(): Promise<void> {
  const stored = await readDraft();
  draft.value = stored.draft;
  apiKey.value = stored.apiKey;
  if (location.hash === '#new') {
    // Once: when the page is loaded again, it goes on where it was.
    history.replaceState(null, '', location.pathname);
    if (draft.value.account !== 'new') {
      keep({ ...NO_DRAFT, account: 'new' });
      rememberApiKey('');
    }
  }
  watchPinned((isShown) => {
    isPinned.value = isShown;
  });
  render(<App />, document.getElementById('app') ?? document.body);
}

void watchScreen('setup_title').then(start);
