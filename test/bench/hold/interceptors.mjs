import { BatchInterceptor } from '@mswjs/interceptors';
import presets from '@mswjs/interceptors/presets/browser';

// The interceptors as a page would load them, reading every answer as the hold does.
const all = new BatchInterceptor({ name: 'all', interceptors: presets });
all.on('response', async ({ response }) => {
  await response.clone().text();
});
all.apply();
