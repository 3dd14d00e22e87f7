import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { say } from '../../utils/domain/base/words.ts';
import type { Overview } from '../../utils/domain/view/overview.ts';
import type { Actions } from '../ui/actions.ts';

/** What each section is given. */
export interface SectionProps {
  overview: Overview;
  now: number;
  version: string;
  actions: Actions;
}

export const SECTIONS = [
  'accounts',
  'destinations',
  'dashboards',
  'reminders',
  'market',
  'history',
  'permissions',
  'data',
  'diagnostics',
  'about',
] as const;
export type SectionName = (typeof SECTIONS)[number];

/** The section that the address names, the first one where it names none. */
function sectionOf(hash: string): SectionName {
  return SECTIONS.find((name) => `#${name}` === hash) ?? SECTIONS[0];
}

/** Follows the address, so that links, bookmarks and the back button all work; `isGone` once somebody went somewhere. */
export function useSection(): { name: SectionName; isGone: boolean } {
  const [place, setPlace] = useState(() => ({ name: sectionOf(location.hash), isGone: location.hash !== '' }));
  // Before anything is painted: what is pressed right after the first picture must not be missed.
  useLayoutEffect(() => {
    const follow = () => setPlace({ name: sectionOf(location.hash), isGone: true });
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return place;
}

/** The way to every section. */
export function SectionLinks({ current }: { current: SectionName }) {
  return (
    <nav class="sections" aria-label={say('settings_title')}>
      <ul>
        {SECTIONS.map((name) => (
          <li key={name}>
            <a href={`#${name}`} aria-current={name === current ? 'page' : undefined}>
              {say(`settings_${name}`)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** A section with its heading, which takes the focus when somebody comes here. */
export function Section({
  name,
  takesFocus,
  intro,
  children,
}: {
  name: SectionName;
  takesFocus: boolean;
  intro?: string;
  children: ComponentChildren;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (takesFocus) heading.current?.focus();
  }, [takesFocus]);
  return (
    <section class="section" data-section={name} aria-labelledby={`heading-${name}`}>
      <h2 id={`heading-${name}`} tabIndex={-1} ref={heading}>
        {say(`settings_${name}`)}
      </h2>
      {intro ? <p class="soft intro">{intro}</p> : null}
      {children}
    </section>
  );
}
