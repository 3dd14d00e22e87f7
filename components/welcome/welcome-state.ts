import type { Draft } from '../../utils/domain/view/welcome.ts';
import type { Actions } from '../ui/actions.ts';

/** What was typed and not saved yet, how it is kept, and what can be asked for. */
export interface WelcomeState {
  draft: Draft;
  apiKey: string;
  /** Whether the toolbar button is in sight; null where nobody knows. */
  isPinned: boolean | null;
  actions: Actions;
  keep(change: Partial<Draft>): void;
  keepApiKey(apiKey: string): void;
}
