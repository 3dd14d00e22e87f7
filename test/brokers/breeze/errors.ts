import { type Answer, html, json } from '../message.ts';

/** Breeze reports in the body; its HTTP status says nothing, save that limits and checksums were seen with 401. */
function breezeError(message: string, code = 500, http = 200): Answer {
  return json({ Success: null, Status: code, Error: message }, http);
}

export const INVALID_SESSION = breezeError('Invalid session.');
export const UNKNOWN_KEY = breezeError('Public Key does not exist.');
export const UNAVAILABLE = breezeError('Resource not available.');
export const LIMITED = breezeError('Limit exceed: API call per minute:', 5, 401);
// 2024-03: github.com/Idirect-Tech/Breeze-Python-SDK/issues/78
export const BAD_CHECKSUM = breezeError('Authentication Fail :: Invalid Checksum.', 5, 401);
export const HTML = html(
  '<html><head><title>Service Unavailable</title></head><body>Service Unavailable</body></html>',
);
