import { brokers } from '../../shared/brokers/index.ts';
import type { BrokerId } from '../../shared/contract.ts';
import { parseUrl } from '../../shared/urls.ts';
import type { Finding, Mistake, Typed } from './finding.ts';

// No key of any broker was seen with more than 40 characters.
const LONGEST = 64;

/** The first thing that is odd about an API key, or null. */
export function findInKey(broker: BrokerId, { apiKey }: Pick<Typed, 'apiKey'>): Finding | null {
  if (apiKey === '') return null;
  if (/^\s*(\w+:\s*)?obp1_/.test(apiKey) || /^\s*whsec_/.test(apiKey)) return mistake('key_pairing');
  return (
    inUrl(broker, apiKey) ??
    inEnvironment(apiKey) ??
    withBlanks(broker, apiKey) ??
    encoded(apiKey) ??
    unlike(broker, apiKey)
  );
}

/** A whole login address holds the key. */
function inUrl(broker: BrokerId, text: string): Finding | null {
  const url = /^\s*https?:\/\//i.test(text) ? parseUrl(text.trim()) : null;
  if (!url) return null;
  const apiKey = brokers[broker].apiKeyIn(url);
  return apiKey ? mistake('key_login_url', apiKey) : mistake('key_url');
}

/** A line of an .env file, or a value in quotes. */
function inEnvironment(text: string): Finding | null {
  const bare = text.trim().replace(/^(?:export\s+)?[A-Z][A-Z0-9_]*KEY\s*=\s*/, '');
  const [, quoted] = /^(["'`])(.+)\1$/.exec(bare) ?? [];
  const apiKey = quoted === undefined ? bare : bare.slice(1, -1);
  return apiKey === text.trim() || apiKey === '' ? null : mistake('key_env', apiKey);
}

function withBlanks(broker: BrokerId, text: string): Finding | null {
  const apiKey = text.replaceAll(/[\s\u200b\ufeff]/g, '');
  if (apiKey === text || apiKey === '') return null;
  const mayBeMeant = brokers[broker].keyMayEndBlank && text === `${apiKey} `;
  return mayBeMeant ? doubt('key_end_blank', apiKey) : mistake('key_blank', apiKey);
}

/** A key as it stands in an address, `%2B` for `+`: all of it is encoded, or it is no encoding. */
function encoded(text: string): Finding | null {
  const apiKey = decoded(text);
  return apiKey === text ? null : doubt('key_encoded', apiKey);
}

function decoded(text: string): string {
  if (!/%[0-9a-f]{2}/i.test(text) || /[^\w.!~*'()%-]/.test(text)) return text;
  try {
    const once = decodeURIComponent(text);
    // What is not printable, or would be a mistake again, was no key before it was encoded.
    return /^[\x21-\x7e]+$/.test(once) ? decoded(once) : text;
  } catch {
    return text;
  }
}

/** What this broker's keys do not look like. */
function unlike(broker: BrokerId, apiKey: string): Finding | null {
  const why = brokers[broker].doubt(apiKey);
  if (why !== null) return { ...doubt(`key_${why}`), broker };
  return apiKey.length > LONGEST ? doubt('key_long') : null;
}

function mistake(code: Mistake, apiKey?: string): Finding {
  return { field: 'apiKey', code, severity: 'wrong', ...(apiKey === undefined ? {} : { fix: { apiKey } }) };
}

function doubt(code: Mistake, apiKey?: string): Finding {
  return { ...mistake(code, apiKey), severity: 'doubt' };
}
