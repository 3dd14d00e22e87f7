import { Welcome } from '../../../components/welcome/welcome.tsx';
import { overview } from '../../../utils/domain/view/overview.ts';
import { type Draft, NO_DRAFT } from '../../../utils/domain/view/welcome.ts';
import { writePairing } from '../../../utils/shared/pairing.ts';
import { NOW, pairing, WELL, world } from '../../support/samples/samples.ts';
import { actions, answering } from '../actions.ts';
import type { Group, State } from '../group.ts';
import { write } from '../hands.ts';
import { BY_STATUS, failedLogin, type Known, shownOf } from '../worlds.ts';

const tested = answering(() => ({
  ok: true,
  steps: [
    { name: 'Permission', ok: true, says: 'The browser may send there.' },
    { name: 'Proof', ok: false, says: 'Your backend does not answer. Is it running?' },
  ],
}));

/** The first run with an account of which that is known, or with none yet. */
function at(known: Known | null, change: Partial<Draft> = {}): State {
  const shown = () => (known ? shownOf(known) : overview(world({ accounts: [], destinations: [] }), WELL));
  const setup = {
    draft: { ...NO_DRAFT, ...change },
    apiKey: '',
    isPinned: false,
    actions: known ? tested : actions,
    keep: () => undefined,
    keepApiKey: () => undefined,
  };
  return { view: () => <Welcome overview={shown()} now={NOW} setup={setup} /> };
}

/** The first run at each of its steps. */
export const steps: Group = {
  name: 'welcome',
  title: 'The first run',
  few: ['nothing yet', 'daily'],
  width: 720,
  states: {
    'nothing yet': at(null),
    pasted: { ...at(null), after: (root) => write(root, '[name=pairing]', writePairing(pairing())) },
    'by hand': at(null, { account: 'new', byHand: true }),
    destination: at(BY_STATUS.setup, { address: 'https://trade.example.in/session' }),
    permissions: at({ ...BY_STATUS.never, world: { granted: new Set() } }),
    'test failed': at(BY_STATUS.never),
    login: at(BY_STATUS.never, { tested: 'destination1' }),
    'login failed': at({ facts: failedLogin('configuration', 'Invalid `checksum`.') }, { tested: 'destination1' }),
    daily: at(BY_STATUS.live, { account: 'account1', tested: 'destination1' }),
  },
};
