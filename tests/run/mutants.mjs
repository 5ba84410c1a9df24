// How many of the mutants in cargo-mutants' outcomes.json the tests noticed: `node mutants.mjs OUTCOMES PERCENT`. Fails below PERCENT.
import { readFileSync } from 'node:fs';

const [path, least] = process.argv.slice(2);
const { outcomes } = JSON.parse(readFileSync(path, 'utf8'));
const of = (...summaries) => outcomes.filter(({ scenario, summary }) => scenario?.Mutant && summaries.includes(summary));

// a mutant that does not compile says nothing; one that never ends was noticed
const noticed = of('CaughtMutant', 'Timeout').length;
const missed = of('MissedMutant');
const percent = (100 * noticed) / (noticed + missed.length);
for (const { scenario } of missed) console.log(`missed: ${scenario.Mutant.name ?? JSON.stringify(scenario.Mutant)}`);
console.log(`${noticed} of ${noticed + missed.length} mutants were noticed: ${percent.toFixed(1)} %, at least ${least} % are demanded`);
// not a number where there was no mutant at all
process.exitCode = percent >= Number(least) ? 0 : 1;
