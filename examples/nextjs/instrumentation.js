export async function register() {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { start } = await import('./opening-bell.mjs');
  await import('./trading.mjs');
  start();
}
