// One change to each part of a signed credential that a reader relies on.

const clone = (credential) => structuredClone(credential);
const shiftYear = (time, by) => time.replace(/^\d{4}/, (year) => String(Number(year) + by));

/** Replaces the last character but one of a multibase value by another of its alphabet. */
const turn = (text) => text.slice(0, -2) + (text.at(-2) === '2' ? '3' : '2') + text.at(-1);

/** → `[[name, changed credential], …]`; a part that the credential does not have is left out. */
export function tampered(credential) {
  const changes = {
    'the name of the achievement': (it) => { it.credentialSubject.achievement.name += '!'; },
    'the criteria': (it) => { it.credentialSubject.achievement.criteria.narrative += ' Twice.'; },
    'the name of the holder': (it) => { it.credentialSubject.name += ' II'; },
    'the subject': (it) => { it.credentialSubject.id = it.credentialSubject.id.replace(/.$/, (c) => (c === '0' ? '1' : '0')); },
    'the name of the issuer': (it) => { it.issuer.name += ' Ltd'; },
    'the issuer': (it) => { it.issuer.id = turn(it.issuer.id); },
    'the first day': (it) => { it.validFrom = shiftYear(it.validFrom, -1); },
    'the last day': (it) => { it.validUntil = shiftYear(it.validUntil, 1); },
    'the status index': (it) => { it.credentialStatus.statusListIndex = String(Number(it.credentialStatus.statusListIndex) + 1); },
    'the status, taken away': (it) => { delete it.credentialStatus; },
    'the signature': (it) => { const [proof] = [it.proof].flat(); proof.proofValue = turn(proof.proofValue); },
    'the time of the proof': (it) => { const [proof] = [it.proof].flat(); proof.created = shiftYear(proof.created, -1); },
  };
  const present = {
    'the name of the holder': credential.credentialSubject.name,
    'the last day': credential.validUntil,
    'the status index': credential.credentialStatus,
    'the status, taken away': credential.credentialStatus,
  };
  return Object.entries(changes)
    .filter(([name]) => !(name in present) || present[name])
    .map(([name, change]) => { const it = clone(credential); change(it); return [name, it]; });
}

/** A compact JWS with one bit of its payload, and one with one bit of its signature, turned. */
export function tamperedJwt(jwt) {
  const turned = (part, at) => { const bytes = Buffer.from(part, 'base64url'); bytes[at] ^= 1; return bytes.toString('base64url'); };
  const [header, payload, signature] = jwt.split('.');
  const name = Buffer.from(payload, 'base64url').indexOf('"name":"') + 8;
  return [['the payload', [header, turned(payload, name), signature].join('.')], ['the signature', [header, payload, turned(signature, 20)].join('.')]];
}
