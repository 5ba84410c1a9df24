// Embedded proofs of `eddsa-jcs-2022` on any document of a known form, and of `eddsa-rdfc-2022` on status lists, whose statements can be
// written down without a general RDF library (VC-DI-EDDSA §3.2, §3.3).

import { fromMultibase } from './bytes.mjs';
import { canonical, without } from './jcs.mjs';
import { hashed } from './keys.mjs';
import { failed, notChecked, notHere } from './refusal.mjs';
import { contextsOf, each, idOf } from './shape.mjs';

const SUITES = ['eddsa-jcs-2022', 'eddsa-rdfc-2022'];

/** A key is looked up by its absolute id only. */
export function absolute(method) {
  const parts = method.split('#');
  if (parts.length !== 2 || !parts[1] || !parts[0].includes(':')) throw notChecked('issuer_key', 'key_unnamed');
  return method;
}

/** The proofs that count for `issuer`; at least one, or why not. */
export function proofsOf(document, issuer) {
  const proofs = each(document.proof);
  if (proofs.length === 0) throw failed('proof', 'proof_missing');
  const own = [];
  let another;
  let unsupported;
  for (const proof of proofs) {
    if (!SUITES.includes(proof.cryptosuite) || proof.previousProof !== undefined) {
      unsupported ??= { found: proof.previousProof === undefined ? proof.cryptosuite : 'a chained proof' };
      continue;
    }
    if (proof.proofPurpose !== 'assertionMethod') throw failed('proof', 'proof_purpose', { found: proof.proofPurpose });
    const method = absolute(proof.verificationMethod);
    if (method.split('#')[0] === issuer) own.push({ method, proof });
    else another ??= method;
  }
  if (own.length > 0) return own;
  if (another) throw failed('issuer_key', 'key_of_another', { method: another, issuer });
  throw notChecked('proof', unsupported ? 'proof_suite_unsupported' : 'proof_missing', unsupported);
}

/** Whether `key` made `proof` over `document`; throws a refusal where that can be neither right nor wrong. */
export async function holds(document, proof, key) {
  const malformed = (problem) => failed('proof', 'proof_malformed', { problem });
  if (key.alg !== 'EdDSA') throw malformed(`the cryptosuite is one for Ed25519, and the key is one for ${key.alg}`);
  if (proof.proofValue === undefined) throw malformed('the proof has no proofValue');
  const signature = fromMultibase(proof.proofValue);
  if (!signature || signature.length !== 64) throw malformed('proofValue');
  const options = without(proof, 'proofValue');
  let unsecured = without(document, 'proof');
  if (proof.cryptosuite === 'eddsa-jcs-2022') {
    const own = proof['@context'];
    if (own !== undefined) {
      const [start, whole] = [contextsOf(own), contextsOf(document['@context'])];
      if (!start.every((url, at) => url === whole[at])) throw malformed("the proof's @context is not how the document's begins");
      unsecured = Object.assign(unsecured, { '@context': own });
    }
    return key.verifies(await hashed(canonical(options), canonical(unsecured)), signature);
  }
  if (proof['@context'] !== undefined) throw malformed("the proof's @context may not stand in an eddsa-rdfc-2022 proof");
  return key.verifies(await hashed(quadsOfOptions(options), quadsOfList(unsecured)), signature);
}

const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#type';
const VC = 'https://www.w3.org/2018/credentials#';
const STATUS = 'https://www.w3.org/ns/credentials/status#';
const SECURITY = 'https://w3id.org/security#';
const XSD = 'http://www.w3.org/2001/XMLSchema#';

const iri = (value) => `<${value}>`;
/** A literal that needs no escape; any other is left to the server. */
const literal = (value, type) => {
  if (!/^[ !#-[\]-~]*$/.test(String(value))) throw notHere('proof', 'list');
  return `"${value}"${type ? `^^<${type}>` : ''}`;
};
const named = (prefix) => (value) => iri(prefix + value);
const dated = (value) => literal(value, `${XSD}dateTime`);

/** name of the member → its property, and how its value is written. */
const OF_LIST = {
  name: ['https://schema.org/name', (value) => literal(value)], description: ['https://schema.org/description', (value) => literal(value)],
  validFrom: [`${VC}validFrom`, dated], validUntil: [`${VC}validUntil`, dated],
};
const OF_BITS = {
  statusPurpose: [`${STATUS}statusPurpose`, (value) => literal(value)], encodedList: [`${STATUS}encodedList`, (value) => literal(value, `${SECURITY}multibase`)],
  ttl: [`${STATUS}ttl`, (value) => literal(value, `${XSD}integer`)],
};
const OF_OPTIONS = {
  created: ['http://purl.org/dc/terms/created', dated], expires: [`${SECURITY}expiration`, dated],
  cryptosuite: [`${SECURITY}cryptosuite`, (value) => literal(value, `${SECURITY}cryptosuiteString`)],
  proofPurpose: [`${SECURITY}proofPurpose`, named(SECURITY)], verificationMethod: [`${SECURITY}verificationMethod`, iri],
};

function statements(subject, object, table, aside) {
  return Object.keys(object).filter((name) => !aside.includes(name)).flatMap((name) => {
    if (!Object.hasOwn(table, name)) throw notHere('proof', 'list');
    const [property, write] = table[name];
    return each(object[name]).map((value) => `${subject} <${property}> ${write(value)} .\n`);
  });
}

const sorted = (quads) => [...new Set(quads)].sort().join('');

function quadsOfList(list) {
  if (typeof list.issuer !== 'string' && Object.keys(list.issuer).length > 1) throw notHere('proof', 'list');
  const bits = list.credentialSubject;
  const [subject, inner] = [iri(list.id), bits.id === undefined ? '_:c14n0' : iri(bits.id)];
  return sorted([
    ...list.type.map((kind) => `${subject} <${RDF}> <${(kind === 'VerifiableCredential' ? VC : STATUS) + kind}> .\n`),
    `${subject} <${VC}issuer> ${iri(idOf(list.issuer))} .\n`,
    `${subject} <${VC}credentialSubject> ${inner} .\n`,
    ...statements(subject, list, OF_LIST, ['@context', 'id', 'type', 'issuer', 'credentialSubject']),
    `${inner} <${RDF}> <${STATUS}BitstringStatusList> .\n`,
    ...statements(inner, bits, OF_BITS, ['id', 'type']),
  ]);
}

function quadsOfOptions(options) {
  const subject = options.id === undefined ? '_:c14n0' : iri(options.id);
  return sorted([`${subject} <${RDF}> <${SECURITY}DataIntegrityProof> .\n`, ...statements(subject, options, OF_OPTIONS, ['id', 'type'])]);
}
