// CPU nanoseconds that @digitalbazaar/vc takes to issue and to verify the credential on standard input (eddsa-rdfc-2022, did:key issuer, no
// network, contexts and keys at hand). Prints JSON. Called by the figures of waymark-credential; CPU time is that of the whole process.
import { text } from 'node:stream/consumers';
import * as vc from '@digitalbazaar/vc';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import { loaderOf } from './verifiers.mjs';

const credential = JSON.parse(await text(process.stdin));
delete credential.credentialStatus; // its list would be fetched and checked, which ours has at hand
const documentLoader = loaderOf();
const key = await Ed25519Multikey.generate({ seed: new Uint8Array(32).fill(7) });
const did = credential.issuer.id;
const signer = { ...key.signer(), id: `${did}#${did.slice('did:key:'.length)}` };
const sign = () => vc.issue({
  credential: structuredClone(credential),
  suite: new DataIntegrityProof({ signer, cryptosuite, date: credential.validFrom }),
  documentLoader,
});
const signed = await sign();
const verify = async () => {
  const suite = new DataIntegrityProof({ cryptosuite });
  const result = await vc.verifyCredential({ credential: structuredClone(signed), suite, documentLoader, now: new Date(credential.validFrom) });
  if (!result.verified) throw result.error;
};

async function least(work, rounds = 6, seconds = 2) {
  let best = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    const [start, until] = [process.cpuUsage(), performance.now() + seconds * 1000];
    let count = 0;
    for (; performance.now() < until; count += 1) await work();
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, ((user + system) * 1000) / count);
  }
  return best;
}

console.log(JSON.stringify({ issue: await least(sign), verify: await least(verify) }));
