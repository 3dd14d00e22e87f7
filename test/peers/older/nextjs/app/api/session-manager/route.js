// The session manager of the older Next.js system.
const DAY_MS = 86_400_000;
let session = null;

export async function POST(request) {
  const { action, sessionToken } = await request.json();
  if (action !== 'update' || !sessionToken)
    return Response.json({ success: false, error: 'Invalid action' }, { status: 400 });
  const { user } = await (await fetch(process.env.PRACTICE_EXCHANGE + sessionToken, { cache: 'no-store' })).json();
  session = user ? { endsAt: Date.now() + DAY_MS } : null;
  return Response.json({ success: true, message: 'Session token updated' });
}

export async function GET() {
  const valid = session !== null && session.endsAt > Date.now();
  const expiresIn = valid ? Math.floor((session.endsAt - Date.now()) / 1_000) : 0;
  return Response.json({
    session: {
      active: valid,
      valid,
      expiresIn,
      expiresAt: valid ? new Date(session.endsAt).toISOString() : null,
      timeToExpiry: `${Math.floor(expiresIn / 3_600)}h ${Math.floor((expiresIn % 3_600) / 60)}m`,
    },
    configuration: { api_key: true, api_secret: true, user_id: false, password: false, session_token: valid },
    status: valid ? 'active' : 'needs_refresh',
    lastChecked: new Date().toISOString(),
  });
}
