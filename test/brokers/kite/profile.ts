/** What Kite tells about a user, in the profile and in the answer to an exchange alike. */
export function userOf(userId: string) {
  return {
    user_id: userId,
    user_type: 'individual',
    user_name: `Practice ${userId}`,
    user_shortname: userId,
    email: 'practice@example.invalid',
    avatar_url: null,
    broker: 'ZERODHA',
    exchanges: ['NSE', 'BSE', 'NFO', 'BFO'],
    products: ['CNC', 'NRML', 'MIS'],
    order_types: ['MARKET', 'LIMIT', 'SL', 'SL-M'],
    meta: { demat_consent: 'consent' },
  };
}
