// @digitalcredentials/verifier-core, which fetches by itself: here from the test alone, so that nothing depends on the internet.
import { readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { verifyCredential } from '@digitalcredentials/verifier-core';
import { repository } from '../demo/demo.mjs';

const schemaUrl = 'https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json';
const schemaFile = join(process.env.WAYMARK_SHARED_DATA ?? join(repository, '..', 'shared', 'data'),
  'ob3-schemas', 'educredentials-ob_v3p0_achievementcredential_schema.json');

/** Why the schema cannot be looked up, or false where it can. */
export const noSchema = !existsSync(schemaFile) && 'the schema is on the internet and not here (set WAYMARK_SHARED_DATA)';

/**
 * Its log, as `{ steps, fatal, schema, refused }`. `steps` has every step by id: its `valid`, or the name of its error. `fatal` names the
 * errors that leave no log at all. `schema` is what it says of the Open Badges schema. `refused` are the addresses it asked for in vain.
 */
export async function coreLog(credential, documents = {}) {
  const refused = [];
  const original = globalThis.fetch;
  globalThis.fetch = async (request) => {
    const url = typeof request === 'string' ? request : request.url ?? request.href;
    const document = url === schemaUrl && !noSchema ? JSON.parse(readFileSync(schemaFile, 'utf8')) : documents[url];
    if (document) return Response.json(document);
    refused.push(url);
    throw new TypeError(`a verifier asked for ${url}, which is not a document of this test`);
  };
  try {
    const answer = await verifyCredential({ credential: structuredClone(credential), knownDIDRegistries: [] });
    const steps = Object.fromEntries((answer.log ?? []).map(({ id, valid, error }) => [id, error ? error.name : valid]));
    const schema = answer.additionalInformation?.find(({ id }) => id === 'schema_check')?.results;
    return { steps, fatal: (answer.errors ?? []).map(({ name }) => name), schema, refused };
  } finally {
    globalThis.fetch = original;
  }
}
