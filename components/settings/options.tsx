import '../ui/theme.css';
import './options.css';
import type { ComponentChildren } from 'preact';
import { say } from '../../utils/domain/base/words.ts';
import type { Overview } from '../../utils/domain/view/overview.ts';
import { History } from '../history/history.tsx';
import { StoreNotes } from '../ui/store-notes.tsx';
import { About } from './about.tsx';
import { Accounts } from './accounts.tsx';
import { MarketDays } from './clock/market-days.tsx';
import { RemindersForm } from './clock/reminders-form.tsx';
import { Dashboards } from './dashboards/dashboards.tsx';
import { Data } from './data/data.tsx';
import { Destinations } from './destinations.tsx';
import { Diagnostics } from './diagnostics.tsx';
import { Permissions } from './permissions.tsx';
import { Section, SectionLinks, type SectionName, type SectionProps, useSection } from './section.tsx';

/** The settings, in a tab of their own: one section at a time, by its name in the address. */
export function Options({ overview, ...rest }: Omit<SectionProps, 'overview'> & { overview: Overview | null }) {
  const { name, isGone } = useSection();
  const { intro, Body } = BODIES[name];
  return (
    <div class="settings">
      <header>
        <h1>{say('settings_title')}</h1>
        <SectionLinks current={name} />
      </header>
      <main>
        {overview && <StoreNotes store={overview.store} actions={rest.actions} />}
        <Section key={name} name={name} takesFocus={isGone} intro={intro?.()}>
          {overview ? <Body overview={overview} {...rest} /> : <p role="status">{say('reading')}</p>}
        </Section>
      </main>
    </div>
  );
}

interface Body {
  intro?(): string;
  Body(props: SectionProps): ComponentChildren;
}

/** What stands in each section. */
const BODIES: Record<SectionName, Body> = {
  accounts: { intro: () => say('settings_promise'), Body: Accounts },
  destinations: { intro: () => say('settings_destinations_intro'), Body: Destinations },
  dashboards: { intro: () => say('settings_dashboards_intro'), Body: Dashboards },
  reminders: { intro: () => say('settings_reminders_intro'), Body: RemindersForm },
  market: { intro: () => say('settings_market_intro'), Body: MarketDays },
  history: { intro: () => say('history_what'), Body: History },
  permissions: { intro: () => say('settings_permissions_intro'), Body: Permissions },
  data: { intro: () => say('settings_data_intro'), Body: Data },
  diagnostics: { intro: () => say('settings_diagnostics_intro'), Body: Diagnostics },
  about: { Body: About },
};
