// The closed types of Open Badges 3.0 and of status lists, as tables, and the gate that a document passes only as one of them: nothing is
// read from JSON that has a member too many, or two objects of one id that differ. The twin of `model/` and `verify/shape.rs`.

import { Misfit, count, date, iri, is, list, number, object, reference, some, text, yes } from './closed.mjs';
import { canonical } from './jcs.mjs';
import { failed, notChecked, notHere } from './refusal.mjs';

const V2 = 'https://www.w3.org/ns/credentials/v2';
const V1 = 'https://www.w3.org/2018/credentials/v1';
const OB = 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json';
const EXTENSIONS = 'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json';
const CONTEXTS = [[V2], [V2, OB], [V2, OB, EXTENSIONS]];
const KINDS = ['VerifiableCredential', 'OpenBadgeCredential', 'AchievementCredential', 'EndorsementCredential', 'BitstringStatusListCredential'];
const MOST_PROOFS = 8;

const equal = (one, other) => one.length === other.length && one.every((entry, at) => entry === other[at]);
/** The listed array that `value` is exactly. */
export const contextsOf = (value) => (Array.isArray(value) ? CONTEXTS.find((known) => equal(known, value)) : undefined);

const contexts = (value, place) => {
  if (!contextsOf(value)) throw new Misfit(`at ${place}: @context is not one of the arrays known here`);
};
const kinds = (value, place) => {
  list(text)(value, place);
  const good = value.every((name, at) => KINDS.includes(name) && value.indexOf(name) === at) && value.includes('VerifiableCredential');
  if (!good) throw new Misfit(`at ${place}: the types are not known here`);
};

const image = object({ id: iri, type: is('Image'), 'caption?': text });
const identifierEntry = object({ type: is('IdentifierEntry'), identifier: text, identifierType: text });
const proof = object({
  '@context?': contexts, 'id?': iri, type: is('DataIntegrityProof'), cryptosuite: text, 'created?': date, 'expires?': date, verificationMethod: iri,
  proofPurpose: text, 'domain?': some(text), 'challenge?': text, 'nonce?': text, 'previousProof?': some(iri), 'proofValue?': text,
});
const status = object({ 'id?': iri, type: text, 'statusPurpose?': text, 'statusListIndex?': text, 'statusListCredential?': iri });
const named = object({ id: iri, type: text });
const terms = object({ 'id?': iri, type: text });
const endorsement = object(() => ({
  '@context': contexts, id: iri, type: kinds, name: text, 'description?': text, issuer, validFrom: date, 'validUntil?': date, 'awardedDate?': date,
  credentialSubject: object({ id: iri, type: is('EndorsementSubject'), 'endorsementComment?': text }),
  'credentialSchema?': some(named), 'credentialStatus?': status, 'refreshService?': named, 'termsOfUse?': some(terms), 'proof?': some(proof),
}));
const address = object({
  type: is('Address'), 'addressCountry?': text, 'addressCountryCode?': text, 'addressRegion?': text, 'addressLocality?': text, 'streetAddress?': text,
  'postOfficeBoxNumber?': text, 'postalCode?': text, 'geo?': object({ type: is('GeoCoordinates'), latitude: number, longitude: number }),
});
const profile = object(() => ({
  id: iri, type: is('Profile'), 'name?': text, 'url?': iri, 'email?': text, 'phone?': text, 'description?': text, 'image?': image, 'address?': address,
  'official?': text, 'parentOrg?': profile, 'familyName?': text, 'givenName?': text, 'additionalName?': text, 'patronymicName?': text,
  'honorificPrefix?': text, 'honorificSuffix?': text, 'familyNamePrefix?': text, 'dateOfBirth?': text, 'otherIdentifier?': list(identifierEntry),
  'endorsement?': list(endorsement), 'endorsementJwt?': list(text),
}));
const issuer = reference(profile);
const alignment = object({
  type: is('Alignment'), targetName: text, targetUrl: iri, 'targetCode?': text, 'targetDescription?': text, 'targetFramework?': text, 'targetType?': text,
});
const level = object({ id: iri, type: is('RubricCriterionLevel'), name: text, 'description?': text, 'level?': text, 'points?': text, 'alignment?': list(alignment) });
const resultDescription = object({
  id: iri, type: is('ResultDescription'), name: text, resultType: text, 'valueMin?': text, 'valueMax?': text, 'requiredValue?': text,
  'allowedValue?': list(text), 'requiredLevel?': iri, 'rubricCriterionLevel?': list(level), 'alignment?': list(alignment),
});
const achievement = object({
  id: iri, type: is('Achievement'), name: text, description: text, 'achievementType?': text, criteria: object({ 'id?': iri, 'narrative?': text }),
  'image?': image, 'inLanguage?': text, 'creator?': profile, 'fieldOfStudy?': text, 'specialization?': text, 'humanCode?': text, 'version?': text,
  'creditsAvailable?': number, 'tag?': list(text), 'alignment?': list(alignment), 'resultDescription?': list(resultDescription),
  'related?': list(object({ id: iri, type: is('Related'), 'inLanguage?': text, 'version?': text })),
  'otherIdentifier?': list(identifierEntry), 'endorsement?': list(endorsement), 'endorsementJwt?': list(text),
});
const result = object({
  type: is('Result'), 'resultDescription?': iri, 'value?': text, 'status?': text, 'achievedLevel?': iri, 'alignment?': list(alignment),
});
const subject = object({
  'id?': iri, type: is('AchievementSubject'), 'name?': text, achievement, 'result?': list(result), 'activityStartDate?': date, 'activityEndDate?': date,
  'identifier?': list(object({ type: is('IdentityObject'), hashed: yes, identityHash: text, identityType: text, 'salt?': text })),
  'creditsEarned?': number, 'licenseNumber?': text, 'narrative?': text, 'role?': text, 'term?': text, 'source?': profile, 'image?': image,
});
const evidence = object({
  'id?': iri, type: is('Evidence'), 'name?': text, 'description?': text, 'narrative?': text, 'genre?': text, 'audience?': text,
});
const openBadgeCredential = object({
  '@context': contexts, id: iri, type: kinds, 'name?': text, 'description?': text, 'image?': image, issuer, validFrom: date, 'validUntil?': date,
  'awardedDate?': date, credentialSubject: subject, 'evidence?': list(evidence), 'credentialStatus?': status, 'credentialSchema?': some(named),
  'refreshService?': named, 'termsOfUse?': some(terms), 'endorsement?': list(endorsement), 'endorsementJwt?': list(text), 'proof?': some(proof),
});
const statusListCredential = object({
  '@context': contexts, id: iri, type: kinds, 'name?': text, 'description?': text, issuer, 'validFrom?': date, 'validUntil?': date,
  credentialSubject: object({ 'id?': iri, type: is('BitstringStatusList'), statusPurpose: some(text), encodedList: text, 'ttl?': count }),
  'proof?': some(proof),
});

const unexpected = (problem) => failed('shape', 'shape_unexpected', { problem });
const unknownContext = (value) => failed('context', 'context_unknown', { found: value?.['@context'] === undefined ? 'none' : canonical(value['@context']) });
const unknownKind = (names) => notChecked('shape', 'kind_unknown', { found: names.filter((name) => typeof name === 'string').join(', ') });

/** The value as one of the types; else the refusal. */
function closed(type, value) {
  try {
    type(value, '');
  } catch (error) {
    throw error instanceof Misfit ? unexpected(error.message) : error;
  }
  oneObjectPerId(value, new Map());
}

/** In RDF objects of one id are one node, and a set holds an entry once: where two differ, what the issuer wrote cannot be told. */
function oneObjectPerId(value, seen) {
  const ambiguous = (id) => notChecked('shape', 'ambiguous_node', { id });
  if (Array.isArray(value)) {
    const names = new Set();
    for (const entry of value) {
      const name = typeof entry === 'string' ? entry : entry?.id;
      if (value.length > 1 && typeof name === 'string') {
        if (names.has(name)) throw ambiguous(name);
        names.add(name);
      }
      oneObjectPerId(entry, seen);
    }
  } else if (value !== null && typeof value === 'object') {
    const names = Object.keys(value);
    if (typeof value.id === 'string' && names.length > 1 && !isEndorsed(value)) {
      const said = canonical(value);
      if (seen.has(value.id) && seen.get(value.id) !== said) throw ambiguous(value.id);
      seen.set(value.id, said);
    }
    for (const name of names) oneObjectPerId(value[name], seen);
  }
}

function isEndorsed(members) {
  const kind = Array.isArray(members.type) && members.type.length === 1 ? members.type[0] : members.type;
  return kind === 'EndorsementSubject' && Object.keys(members).every((name) => ['id', 'type', 'endorsementComment'].includes(name));
}

function countProofs(value) {
  const number = Array.isArray(value.proof) ? value.proof.length : 0;
  if (number > MOST_PROOFS) throw failed('shape', 'too_many_proofs', { count: number, limit: MOST_PROOFS });
}

/** A badge of others, which the server may read: its contexts are among those of the standards. */
function mayBeAStrangers(value) {
  const found = value?.['@context'];
  const badge = Array.isArray(value?.type) && value.type.some((kind) => kind === 'OpenBadgeCredential' || kind === 'AchievementCredential');
  return Array.isArray(found) && [V1, V2].includes(found[0]) && badge && found.every((url, at) => typeof url === 'string' && found.indexOf(url) === at)
    && found.some((url) => url.startsWith('https://purl.imsglobal.org/spec/ob/v3p0/context'));
}

/** Passes an Open Badges credential of the known form, or says which check stopped it. */
export function openBadge(value) {
  const known = contextsOf(value?.['@context']);
  const context = () => (mayBeAStrangers(value) ? notHere('context', 'vocabulary') : unknownContext(value));
  if (!known) throw context();
  const names = value.type;
  if (typeof names === 'string') throw unknownKind([names]);
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string')) throw unexpected('type must be an array of names');
  const has = (name) => names.includes(name);
  const badge = has('OpenBadgeCredential') || has('AchievementCredential');
  const other = has('EndorsementCredential') || has('BitstringStatusListCredential');
  if (!names.every((name) => KINDS.includes(name)) || !badge || other || !has('VerifiableCredential')) throw unknownKind(names);
  if (known.length === 1) throw context();
  countProofs(value);
  closed(openBadgeCredential, value);
  const { id, identifier } = value.credentialSubject;
  if (id === undefined && identifier === undefined) throw unexpected('credentialSubject needs an id or an identifier');
}

/** Passes a status list. */
export function statusList(value) {
  if (!contextsOf(value?.['@context'])) throw unknownContext(value);
  countProofs(value);
  closed(statusListCredential, value);
  if (!value.type.includes('BitstringStatusListCredential')) throw unexpected('its type is not BitstringStatusListCredential');
}

export const idOf = (issuer) => (typeof issuer === 'string' ? issuer : issuer.id);
export const each = (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]);
