import { MARKET_IDS } from '../../shared/market.ts';
import type { Checked, ToldProblem } from '../base/check.ts';
import { say } from '../base/words.ts';
import type { DashboardForm } from './dashboard.ts';
import type { EffectRule } from './effect.ts';
import type { Signal } from './signal.ts';

// How a person writes the lists of a dashboard: one thing a line.

/** Signals, one a line: a status, a dotted path, `path=text` or a text in quotes; a status may stand before any of them. */
export function readSignals(text: string): Checked<Signal[]> {
  return readLines(text, 'signals', (line) => {
    const [, status, rest = ''] = /^(?:([2-5]\d\d)(?:\s+|$))?(.*)$/.exec(line) ?? [];
    const quoted = /^"(.+)"$/.exec(rest);
    const named = /^([\w$.-]+)(?:=(.+))?$/.exec(rest);
    if (rest !== '' && !quoted && !named) return null;
    return {
      status: status === undefined ? null : Number(status),
      path: named?.[1] ?? null,
      text: quoted?.[1] ?? named?.[2] ?? null,
    };
  });
}

export function writeSignals(signals: readonly Signal[]): string {
  return signals
    .map(({ status, path, text }) => {
      const rest = path === null ? text && `"${text}"` : text === null ? path : `${path}=${text}`;
      return [status, rest].filter((one) => one !== null && one !== '').join(' ');
    })
    .join('\n');
}

/** Rules, one a line: `POST /search* read`, or `POST /metals* act mcx` where the order's market is another. */
export function readRules(text: string): Checked<DashboardForm['rules']> {
  return readLines(text, 'rules', (line) => {
    const [, method = '', path = '', effect, named] =
      /^(\*|[A-Z]{1,20})\s+(\S+)\s+(read|act)(?:\s+(\S+))?$/.exec(line) ?? [];
    const market = MARKET_IDS.find((id) => id === named);
    if ((effect !== 'read' && effect !== 'act') || (named !== undefined && market === undefined)) return null;
    return market === undefined ? { method, path, effect } : { method, path, effect, market };
  });
}

export function writeRules(rules: readonly EffectRule[]): string {
  return rules
    .map(({ method, path, effect, market }) => [method, path, effect, market ?? ''].join(' ').trim())
    .join('\n');
}

function readLines<T>(text: string, field: string, read: (line: string) => T | null): Checked<T[]> {
  const lines = text.split('\n').map((line) => line.trim());
  const value: T[] = [];
  const problems: ToldProblem[] = [];
  for (const [index, line] of lines.entries()) {
    const one = line === '' ? undefined : read(line);
    if (one === null) problems.push({ field, message: say('problem_line', index + 1) });
    else if (one !== undefined) value.push(one);
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value };
}
