// The checks, and the one state that follows from them. The twin of `state_of` in `verify/report.rs`; the same table of cases holds both.

export const CHECKS = ['parse', 'context', 'shape', 'proof', 'issuer_key', 'status', 'validity', 'issuer_identity', 'recipient', 'holder_identity'];

/** @param checks each `{ id, outcome, code }`, all of `CHECKS` */
export function stateOf(checks) {
  const of = (id) => checks.find((check) => check.id === id);
  const any = (ids, outcome) => ids.some((id) => of(id).outcome === outcome);
  if (any(['parse', 'shape', 'proof', 'issuer_key'], 'failed')) return 'altered';
  if (of('context').outcome === 'failed') return 'unknown';
  if (any(['parse', 'context', 'shape', 'proof', 'issuer_key'], 'not_checked')) return 'unknown';
  const [status, validity] = [of('status'), of('validity')];
  if (status.outcome === 'failed') return status.code === 'suspended' ? 'suspended' : 'revoked';
  if (status.outcome !== 'passed') return 'unknown';
  if (validity.outcome === 'failed') return validity.code === 'not_yet_valid' ? 'not_yet_valid' : 'expired';
  return validity.outcome === 'passed' ? 'valid' : 'unknown';
}
