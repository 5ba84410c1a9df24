// Why a verification stops: the check that decides, its outcome and the finding.

export class Refusal extends Error {
  constructor(check, outcome, code, data = {}) {
    super(code);
    Object.assign(this, { check, outcome, code, data });
  }
}

export const failed = (check, code, data) => new Refusal(check, 'failed', code, data);
export const notChecked = (check, code, data) => new Refusal(check, 'not_checked', code, data);
/** What the server can check and these modules cannot: `picture`, `number`, `vocabulary`, `rdfc`, `list`. */
export const notHere = (check, what) => notChecked(check, 'device_cannot', { what });
