import type { HealthView } from '../utils/domain/overview.ts';
import { HOUR, MINUTE, SECOND } from '../utils/domain/time.ts';

const TRUTHS: Record<HealthView['truth'], string> = {
  verified: 'Verified',
  contradicted: 'Your backend says there is no session; heard',
  unknown: 'Not known; last heard',
};

/** What is really known, with its age, and everything that is not as it should be. */
export function Health({ health, now }: { health: HealthView; now: number }) {
  const { truth, at, fallback, unconfigured, skewMinutes } = health;
  return (
    <p class="soft health" data-truth={truth}>
      <small>
        {TRUTHS[truth]} {ago(now - at)}.{fallback ? ` Prices come from a stand-in: ${fallback}.` : ''}
        {unconfigured.length > 0 ? ` Not set in your backend: ${unconfigured.join(', ')}.` : ''}
        {skewMinutes === 0
          ? ''
          : ` Your backend’s clock is ${Math.abs(skewMinutes)} min ${skewMinutes > 0 ? 'ahead of' : 'behind'} this computer’s.`}
      </small>
    </p>
  );
}

function ago(ms: number): string {
  if (ms < 10 * SECOND) return 'just now';
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s ago`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ago`;
  return `${Math.floor(ms / HOUR)} h ago`;
}
