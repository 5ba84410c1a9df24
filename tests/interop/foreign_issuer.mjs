// An issuer that is not Waymark: Open Badges credentials and status lists made with Digital Bazaar's libraries and a fixed seed.
import * as vc from '@digitalbazaar/vc';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import { createCredential, createList, VC_BSL_VC_V2_CONTEXT } from '@digitalbazaar/vc-bitstring-status-list';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import { loaderOf } from './verifiers.mjs';

const index = 94567;
const issuedAt = '2026-01-02T03:04:05Z';

async function sign(credential) {
  const draft = await Ed25519Multikey.generate({ seed: new Uint8Array(32).fill(7) });
  const did = `did:key:${draft.publicKeyMultibase}`;
  const key = await Ed25519Multikey.generate({ seed: new Uint8Array(32).fill(7), controller: did });
  const suite = new DataIntegrityProof({ signer: key.signer(), cryptosuite, date: issuedAt });
  const issuer = credential.issuer ? { ...credential.issuer, id: did } : did;
  return vc.issue({ credential: { ...credential, issuer }, suite, documentLoader: loaderOf() });
}

/** A signed list at `url`; `revoked` sets the one bit that `foreignCredential` points at. */
export async function foreignStatusList(url, { revoked = false } = {}) {
  const list = await createList({ length: 131072 });
  if (revoked) list.setStatus(index, true);
  const credential = await createCredential({ id: url, list, statusPurpose: 'revocation', context: VC_BSL_VC_V2_CONTEXT });
  return sign({ ...credential, validFrom: issuedAt });
}

/** A signed Open Badges 3.0 credential whose status is in the list at `statusUrl`. */
export const foreignCredential = (statusUrl) => sign({
  '@context': ['https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'],
  id: 'urn:uuid:5b7d3f4e-2a1c-4a8e-9d3b-7f2e6c1a0b9d',
  type: ['VerifiableCredential', 'OpenBadgeCredential'],
  issuer: { type: ['Profile'], name: 'Another Guild' },
  validFrom: issuedAt,
  name: 'Lantern keeper',
  credentialSubject: {
    id: 'urn:uuid:0f5c1f3a-8d52-4f5e-b0f2-9c6a3d7e1b24',
    type: ['AchievementSubject'],
    achievement: {
      id: 'https://guild.example/achievements/lantern-keeper',
      type: ['Achievement'],
      name: 'Lantern keeper',
      description: 'Keeps the lanterns of the trail lit.',
      criteria: { narrative: 'Kept ten lanterns lit through a winter.' },
    },
  },
  credentialStatus: {
    id: `${statusUrl}#${index}`,
    type: 'BitstringStatusListEntry',
    statusPurpose: 'revocation',
    statusListIndex: String(index),
    statusListCredential: statusUrl,
  },
});
