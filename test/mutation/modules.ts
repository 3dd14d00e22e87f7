/** It sees what becomes of a schema. */
const SCHEMAS = 'test/unit/project/wrong-input.test.ts';
const CAPTURE = ['test/unit/capture/*.test.ts', SCHEMAS];

/** What decides, by the name under which its mutation score is reported, and the tests that have to see it broken. */
export const MODULES = {
  capture: {
    mutate: ['utils/domain/capture/capture.ts', 'utils/domain/capture/arming.ts'],
    tests: CAPTURE,
  },
  provenance: { mutate: ['utils/domain/capture/provenance.ts'], tests: CAPTURE },
  verifier: { mutate: ['utils/domain/delivery/answers.ts'], tests: ['test/unit/delivery/*.test.ts'] },
  outbox: {
    mutate: ['utils/domain/delivery/delivery.ts'],
    tests: ['test/unit/delivery/*.test.ts', 'test/unit/session/*.test.ts', SCHEMAS],
  },
  settlement: { mutate: ['utils/domain/session/settle-call.ts'], tests: ['test/unit/session/*.test.ts'] },
  classifier: { mutate: ['utils/domain/dashboards/signal.ts'], tests: ['test/unit/dashboards/*.test.ts'] },
  replay: { mutate: ['utils/domain/hold/replay.ts'], tests: ['test/unit/hold/*.test.ts'] },
} as const;

export type ModuleName = keyof typeof MODULES;
