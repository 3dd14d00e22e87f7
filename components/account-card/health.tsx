import { ago } from '../../utils/domain/base/span.ts';
import { formatNumber, say } from '../../utils/domain/base/words.ts';
import type { HealthView } from '../../utils/domain/view/overview.ts';

/** What is really known, with its age, and everything that is not as it should be. */
export function Health({ health, now, withFeed }: { health: HealthView; now: number; withFeed: boolean }) {
  const { truth, at, feed, fallback, unconfigured, skewMinutes } = health;
  const skew = formatNumber(Math.abs(skewMinutes));
  const sentences = [
    say(`health_${truth}`, ago(now - at)),
    withFeed && truth === 'verified' && feed !== null && say(`feed_${feed}`),
    fallback !== null && say('health_fallback', fallback),
    unconfigured.length > 0 && say('health_unconfigured', unconfigured.join(', ')),
    skewMinutes > 0 && say('skew_ahead', skew),
    skewMinutes < 0 && say('skew_behind', skew),
  ];
  return (
    <p class="soft health" data-truth={truth}>
      <small>{sentences.filter(Boolean).join(' ')}</small>
    </p>
  );
}
