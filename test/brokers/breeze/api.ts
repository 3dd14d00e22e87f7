import type { Answer, Asked } from '../message.ts';
import { UNAVAILABLE } from './errors.ts';
import { customerDetails } from './exchange.ts';
import { login } from './login.ts';
import type { BreezePractice } from './practice.ts';
import { candles, funds, optionChain, quotes } from './signed.ts';

const ROOT = '/breezeapi/api/v1/';

/** api.icicidirect.com: the login pages and the REST API. */
export function api(breeze: BreezePractice, asked: Asked): Answer {
  if (!asked.path.startsWith(ROOT)) return login(breeze, asked);
  if (asked.path === `${ROOT}${breeze.endsAt}`) breeze.endSession();
  switch (`${asked.method} ${asked.path.slice(ROOT.length)}`) {
    case 'GET customerdetails':
      return customerDetails(breeze, asked);
    case 'GET funds':
      return funds(breeze, asked);
    case 'GET quotes':
      return quotes(breeze, asked);
    case 'GET optionchain':
      return optionChain(breeze, asked);
    case 'GET historicalcharts':
      return candles(breeze, asked);
    default:
      return UNAVAILABLE;
  }
}
