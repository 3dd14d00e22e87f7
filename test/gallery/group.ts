import type { ComponentChildren } from 'preact';

/** One state of a component: what is shown, and what a person did in it before the picture. */
export interface State {
  view(): ComponentChildren;
  after?(root: ShadowRoot): void;
}

/** States that are looked at together, on a page of their own. */
export interface Group {
  /** In addresses and in the names of pictures. */
  name: string;
  title: string;
  states: Readonly<Record<string, State>>;
  /** The states that stand for all of them in dark and in Hindi pictures; the light one shows all that `pictured` allows. */
  few: readonly string[];
  /** Where the light picture, too, shows no more than the few. */
  pictured?: 'few';
  /** The width of each state in px; that of the popup unless it says otherwise. */
  width?: number;
  /** What stands around each state on its page, where that gives it its look. */
  around?(state: ComponentChildren): ComponentChildren;
  /** The styles that a state brings with it, where it is not one of our own pages. */
  css?: string;
}
