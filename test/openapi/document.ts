import {
  CONTRACT_VERSION,
  FeedState,
  HEADER,
  Instant,
  QueueState,
  REFUSAL_STATUS,
  SessionApplied,
  SessionCaptured,
  SessionCheck,
  SessionConsent,
  SessionConsented,
  SessionRefused,
  SessionReport,
  SessionState,
} from '../../utils/shared/contract.ts';
import { z } from '../../utils/shared/schema.ts';

const SCHEMAS = {
  SessionCheck,
  SessionCaptured,
  SessionConsent,
  SessionState,
  FeedState,
  QueueState,
  SessionReport,
  SessionApplied,
  SessionConsented,
  SessionRefused,
};
type Name = keyof typeof SCHEMAS;

const DESCRIBED: Record<keyof typeof HEADER, string> = {
  id: 'The id of this request: of a delivery, the same whenever its token is sent. An answer repeats it.',
  timestamp: 'Seconds since 1970, of the request or of the answer.',
  signature: 'v1, and base64 of the HMAC-SHA256 of id.timestamp.body under the pairing secret (Standard Webhooks 1).',
};

/** The delivery contract as an OpenAPI 3.1 document, made from the schemas that the extension itself checks with. */
export function openapi() {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Opening Bell delivery contract',
      version: `${CONTRACT_VERSION}.0.0`,
      description: 'What a backend speaks to receive tokens. docs/contract.md tells it to a person.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: 'http://127.0.0.1:8787', description: 'A backend on this machine; the path is yours to choose.' }],
    // No bearer, no cookie: the signature over each request is the proof.
    security: [],
    paths: {
      '/session': {
        post: {
          operationId: 'receive',
          summary: 'A check of the session, a captured token, or the request for a consent',
          parameters: headers().map((header) => ({ in: 'header', required: true, ...header })),
          requestBody: { required: true, content: json('SessionCheck', 'SessionCaptured', 'SessionConsent') },
          responses: responses(),
        },
      },
    },
    components: { schemas: schemas() },
  };
}

function schemas() {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(SCHEMAS)) registry.add(schema, { id });
  const made = z.toJSONSchema(registry, {
    target: 'draft-2020-12',
    io: 'input',
    uri: (id) => `#/components/schemas/${id}`,
    override({ zodSchema, jsonSchema }) {
      if (zodSchema === Instant) Object.assign(jsonSchema, { format: 'date-time', pattern: 'Z$' });
    },
  });
  return Object.fromEntries(Object.entries(made.schemas).map(([name, { $id, $schema, ...schema }]) => [name, schema]));
}

function responses() {
  const refusals = Object.groupBy(Object.entries(REFUSAL_STATUS), ([, status]) => String(status));
  const answer = (description: string, ...names: Name[]) => ({
    description,
    headers: Object.fromEntries(headers().map(({ name, ...header }) => [name, header])),
    content: json(...names),
  });
  return {
    200: answer(
      'The session as it stands, the delivery as it was applied, or the consent.',
      'SessionReport',
      'SessionApplied',
      'SessionConsented',
    ),
    ...Object.fromEntries(
      Object.entries(refusals).map(([status, reasons = []]) => [
        status,
        answer(`Refused: ${reasons.map(([reason]) => reason).join(', ')}.`, 'SessionRefused'),
      ]),
    ),
  };
}

function headers() {
  return (Object.keys(HEADER) as (keyof typeof HEADER)[]).map((key) => ({
    name: HEADER[key],
    description: DESCRIBED[key],
    schema: { type: 'string' },
  }));
}

function json(...names: Name[]) {
  const refs = names.map((name) => ({ $ref: `#/components/schemas/${name}` }));
  const schema = refs.length === 1 ? refs[0] : { oneOf: refs };
  return { 'application/json': { schema } };
}
