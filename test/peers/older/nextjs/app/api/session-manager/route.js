// The session manager of the older Next.js system.
const received = [];

export async function POST(request) {
  const body = await request.json();
  if (body.action !== 'update' || !body.sessionToken)
    return Response.json({ success: false, error: 'Invalid action' }, { status: 400 });
  received.push(body);
  return Response.json({ success: true, message: 'Session token updated' });
}

export async function GET() {
  return Response.json({ received });
}
