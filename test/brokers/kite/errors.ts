import { type Answer, html, json } from '../message.ts';

type ErrorType =
  | 'TokenException'
  | 'PermissionException'
  | 'InputException'
  | 'NetworkException'
  | 'DataException'
  | 'GeneralException';

export function kiteError(status: number, error_type: ErrorType, message: string): Answer {
  return json({ status: 'error', message, data: null, error_type }, status);
}

export const SPENT = kiteError(403, 'TokenException', 'Token is invalid or has expired.');
export const BAD_CHECKSUM = kiteError(403, 'TokenException', 'Invalid `checksum`.');
export const BAD_TOKEN = kiteError(403, 'TokenException', 'Incorrect `api_key` or `access_token`.');
export const BAD_KEY = kiteError(400, 'InputException', 'Invalid `api_key`.');
export const NOT_PERMITTED = kiteError(403, 'PermissionException', 'Insufficient permission for that call.');
export const NETWORK = kiteError(503, 'NetworkException', 'Service is temporarily unavailable.');

/** Answers of the firewall in front of the API. */
export const FIREWALL = html(
  '<html><head><title>403 Forbidden</title></head><body><h1>403 Forbidden</h1></body></html>',
  403,
);
