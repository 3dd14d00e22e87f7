import { SECOND } from '../time.ts';
import type { Broker } from './broker.ts';
import { classifyKite } from './kite-verdict.ts';

// 2026-11: "a few minutes" by https://kite.trade/docs/connect/v3/user/; two of them are safe to promise.
const REQUEST_TOKEN_LIFETIME_MS = 120 * SECOND;

export const zerodha: Broker = {
  id: 'zerodha',
  name: 'Zerodha',
  console: { url: 'https://developers.kite.trade/apps', field: 'Redirect URL', key: 'API key' },
  hosts: ['kite.zerodha.com'],
  loginUrl: (apiKey, state) => {
    const extra = new URLSearchParams({ ob_state: state }).toString();
    return `https://kite.zerodha.com/connect/login?v=3&api_key=${encodeURIComponent(apiKey)}&redirect_params=${encodeURIComponent(extra)}`;
  },
  apiKeyIn: (url) => (url.pathname === '/connect/login' ? url.searchParams.get('api_key') : null),
  token: {
    kind: 'one-time',
    parameter: 'requesttoken',
    pattern: /^[A-Za-z0-9]{16,64}$/,
    glob: '*request_token=*',
    expiresAt: (capturedAt) => capturedAt + REQUEST_TOKEN_LIFETIME_MS,
  },
  // 2026-11: 06:00 IST by the documentation, flushed between 07:00 and 07:30 by staff answers.
  session: { at: { hour: 6, minute: 0 }, suspectUntil: { hour: 7, minute: 30 } },
  stateParameter: 'ob_state',
  schemeless: () => null,
  arrives: 'header',
  isLogin: (parameters) =>
    isAbsentOr(parameters, 'status', 'success') &&
    isAbsentOr(parameters, 'action', 'login') &&
    isAbsentOr(parameters, 'type', 'login'),
  classify: classifyKite,
};

function isAbsentOr(parameters: URLSearchParams, name: string, value: string): boolean {
  const given = parameters.getAll(name);
  return given.every((one) => one === value);
}
