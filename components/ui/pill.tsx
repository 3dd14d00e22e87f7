import './pill.css';

export type Tone = 'ok' | 'warn' | 'bad' | 'idle';

const SIGNS: Record<Tone, string> = { ok: '✓', warn: '!', bad: '✕', idle: '…' };

/** A few words with a sign and a colour, which say the same. */
export function Pill({ tone, children }: { tone: Tone; children: string }) {
  return (
    <span class={`pill ${tone}`} data-tone={tone}>
      <span aria-hidden="true">{SIGNS[tone]}</span> {children}
    </span>
  );
}
