// A report as a person reads it: the banner, what the signed data says, the key, the checks. Every text from outside becomes text, never markup.

const SVG = 'http://www.w3.org/2000/svg';

/** The text with each `{name}` replaced. */
export const fill = (text, values) => text.replace(/\{([a-z_]+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));

/** An element; children are elements or texts. */
export function make(name, { className, ...attributes } = {}, ...children) {
  const element = document.createElement(name);
  if (className) element.className = className;
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

export function icon(sheet, name, className = 'icon') {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', className);
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `${sheet}#${name}`);
  svg.append(use);
  return svg;
}

/** A moment as people tell it, in the reader's zone and with its name. */
export const told = (at, lang) => new Intl.DateTimeFormat(lang === 'en' ? 'en-GB' : lang, {
  year: 'numeric', month: lang === 'ja' ? 'long' : 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZoneName: 'short',
}).format(at);

const MOMENT = /^\d{4}-\d{2}-\d{2}T[0-9:.]+(?:Z|[+-]\d{2}:\d{2})$/;

function finding({ code, data }, said) {
  const values = {};
  for (const [name, value] of Object.entries(data ?? {})) {
    const text = String(value);
    values[name] = MOMENT.test(text) ? told(Date.parse(text), said.lang) : text.length > 300 ? `${text.slice(0, 300)}…` : text;
  }
  if (code === 'device_cannot') values.what = said.texts[`device-what-${data.what}`] ?? data.what;
  return fill(said.findings[code] ?? code, values);
}

/** The elements of a report. `kept` says whether the input came from this device and stayed on it. */
export function shown(report, { said, sheet, fetched, kept }) {
  const { lang, texts } = said;
  const unread = report.state === 'altered' && report.checks.find(({ id }) => id === 'parse').outcome === 'failed';
  const state = said.states[unread ? 'altered_unread' : report.state];
  // No word of thanks is a proof of skill, whatever else is in order.
  const thanks = report.credential?.credentialSubject.achievement.achievementType === 'ext:Thanks';
  const banner = make('div', { className: `banner banner--${report.state}`, role: 'status' }, icon(sheet, state.icon, 'icon icon--big'),
    make('div', {},
      make('p', { className: 'banner__word' }, state.word),
      make('p', { className: 'banner__detail' }, state.meaning),
      thanks ? make('p', { className: 'banner__detail' }, texts['state-thanks-meaning']) : undefined,
      make('p', { className: 'small num' }, fill(texts['device-checked-at'], { time: told(report.at, lang) }))));
  const facts = make('dl', { className: 'facts facts--lines' });
  const fact = (name, ...values) => facts.append(make('div', {}, make('dt', {}, name), ...values.map((value) => make('dd', { className: 'mono' }, value))));
  for (const { thumbprint } of report.keys) fact(texts['device-key'], thumbprint);
  fact(texts['device-fetched'], ...(fetched.length > 0 ? fetched : [texts['device-fetched-nothing']]));
  return [
    make('h2', { className: 'section-title', tabindex: '-1' }, texts['device-heading']),
    banner,
    says(report.credential, said),
    make('details', report.state === 'valid' ? {} : { open: '' }, make('summary', {}, texts['report-checks']),
      make('ul', { className: 'checks' }, ...report.checks.map((check) => line(check, said, sheet)))),
    facts,
    make('p', { className: 'small muted' }, texts['device-how'], ' ', kept ? texts['device-kept'] : ''),
  ];
}

/** What the signed data says; only of a report that lets it be shown. */
function says(credential, { texts }) {
  if (!credential) return make('p', { className: 'muted' }, texts['report-shows-nothing']);
  const { credentialSubject: subject, issuer } = credential;
  const named = subject.identifier?.find(({ hashed, identityType }) => !hashed && identityType === 'name')?.identityHash;
  const rows = [
    [texts['device-says'], subject.achievement.name],
    [texts['device-holder'], subject.name ?? named],
    [texts['device-issuer'], [issuer.name, issuer.id ?? issuer].filter(Boolean).join(' · ')],
    [texts['fact-number'], subject.licenseNumber],
  ];
  return make('dl', { className: 'facts facts--lines' }, ...rows.filter(([, value]) => value)
    .map(([name, value]) => make('div', {}, make('dt', {}, name), make('dd', {}, value))));
}

function line(check, said, sheet) {
  const outcome = said.outcomes[check.outcome];
  return make('li', { className: `check check--${check.outcome}` },
    make('span', { className: 'check__outcome' }, icon(sheet, outcome.icon), ` ${outcome.word}`),
    make('div', { className: 'check__text' },
      make('strong', {}, said.checks[check.id]), make('br'), finding(check, said),
      make('details', { className: 'technical' }, make('summary', {}, said.texts['report-technical']),
        make('code', { className: 'mono small' }, `${check.id}: ${check.outcome} (${check.code})`))));
}
