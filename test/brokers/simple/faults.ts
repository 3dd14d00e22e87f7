import type { Link } from '../faults.ts';
import type { Description } from './simple.ts';

/** Every way in which a broker of this kind can misbehave. */
export function faultsOf({
  id,
  beginFaults = {},
  exchangeFaults,
  profileFaults,
  isNamedByProfile = false,
  namesUser = true,
}: Description): Record<string, { says: string; breaks: Link }> {
  const ofProfile = isNamedByProfile ? 'exchanged' : 'verified';
  const all = (part: string, faults: Description['exchangeFaults'], breaks: Link) =>
    Object.entries(faults).map(([name, [says]]) => [`${id}.${part}.${name}`, { says, breaks }] as const);
  return Object.fromEntries<{ says: string; breaks: Link }>([
    ...Object.entries(beginFaults).map(([name, says]) => [`${id}.${name}`, { says, breaks: 'captured' }] as const),
    [`${id}.login.failed`, { says: 'The redirect says that the login failed.', breaks: 'captured' }],
    ...all('exchange', exchangeFaults, 'exchanged'),
    [`${id}.exchange.lost`, { says: 'The exchange spends the code, and its answer gets lost.', breaks: 'exchanged' }],
    ...all('profile', profileFaults, ofProfile),
    ...(namesUser ? ofAnotherUser(id, ofProfile) : []),
  ]);
}

function ofAnotherUser(id: string, ofProfile: Link): [string, { says: string; breaks: Link }][] {
  return [
    [`${id}.exchange.other-user`, { says: 'The exchange opens a session of another user.', breaks: 'exchanged' }],
    [`${id}.profile.other-user`, { says: 'The profile is that of another user.', breaks: ofProfile }],
  ];
}
