export type Place = 'the popup' | 'the settings' | 'the broker’s page' | 'the broker’s tab';

/** One thing to do, or to see, as a sentence of store/reviewing.md tells it. */
export type Step =
  | { kind: 'run'; command: string }
  | { kind: 'opened' }
  | { kind: 'open-popup' }
  | { kind: 'open'; what: string }
  | { kind: 'press' | 'see' | 'write'; what: string; place: Place };

const BETWEEN = /(?<=\.) (?=(?:It opens|Open|Press|See|Write) )/;
const ACT = /^(Press|See|Write) \*\*(.+)\*\* (?:in|on) (the popup|the settings|the broker’s page|the broker’s tab)\.$/;

/** The numbered steps, each as what it has its reader do. */
export function stepsOf(page: string): Step[][] {
  return [...page.matchAll(/^\d+\. (.+(?:\n {3}.+)*)$/gm)].map(([, text = '']) =>
    text.replaceAll(/\s+/g, ' ').replaceAll("'", '’').split(BETWEEN).map(stepOf),
  );
}

/** Throws the sentence that tells nothing of these kinds. */
function stepOf(sentence: string): Step {
  const [, command] = /^Run `(.+)`\.$/.exec(sentence) ?? [];
  if (command !== undefined) return { kind: 'run', command };
  if (sentence === 'It opens Chromium with two practice accounts.') return { kind: 'opened' };
  if (sentence === 'Open the popup.') return { kind: 'open-popup' };
  const [, section] = /^Open \*\*(.+)\*\* in the settings\.$/.exec(sentence) ?? [];
  if (section !== undefined) return { kind: 'open', what: section };
  const [, verb, what = '', place] = ACT.exec(sentence) ?? [];
  if (verb === undefined) throw new Error(`no step says: ${sentence}`);
  return { kind: verb.toLowerCase() as 'press' | 'see' | 'write', what, place: place as Place };
}
