import type { Group } from './group.ts';
import { atTheBroker, backends, questions, statuses } from './groups/cards.tsx';
import { dialogs } from './groups/dialog.tsx';
import { histories } from './groups/history.tsx';
import { icons } from './groups/icons.tsx';
import { links, troubles } from './groups/links.tsx';
import { outcomes } from './groups/outcomes.tsx';
import { pages } from './groups/pages.tsx';
import { popups } from './groups/popup.tsx';
import { sections } from './groups/sections.tsx';
import { accounts, forms, options } from './groups/settings.tsx';
import { steps } from './groups/welcome.tsx';

/** Everything that can be looked at: a new component is a group more, or a state more in one. */
export const GROUPS: readonly Group[] = [
  popups,
  statuses,
  links,
  questions,
  atTheBroker,
  backends,
  troubles,
  dialogs,
  pages,
  steps,
  options,
  accounts,
  sections,
  forms,
  outcomes,
  histories,
  icons,
];
