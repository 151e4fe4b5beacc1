import { parseArgs } from 'node:util';
import { z } from 'zod';
import { runChaos } from './run';

const HELP = `npm run chaos -- [--seed N] [--recipients N] [--profile shared|embedded] [--json]

Sends a campaign on each channel through real processes, servers and a provider on loopback, and kills them at
points that follow from the seed. Ends with 1 where somebody was sent to twice, lost, or counted wrongly.
  --seed        the same seed treats the same recipients alike (default: a random one, printed)
  --recipients  on each channel (default 3000)
  --profile     shared: Redis, PostgreSQL, two workers and the app; embedded: the app alone (default shared)
  --json        the report as JSON on standard output; what happens goes to standard error
`;

const Arguments = z.object({
  seed: z.coerce
    .number()
    .int()
    .nonnegative()
    .default(() => Math.floor(Math.random() * 1e9)),
  recipients: z.coerce.number().int().min(1).max(1_000_000).default(3_000),
  profile: z.enum(['shared', 'embedded']).default('shared'),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});

const run = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string' },
      recipients: { type: 'string' },
      profile: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  const { help, json, ...options } = Arguments.parse(values);
  if (help) {
    process.stdout.write(HELP);
    return 0;
  }
  const report = await runChaos({ ...options, say: (line) => process.stderr.write(`${line}\n`) });
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : `${JSON.stringify(report, null, 2)}\n`);
  return report.violations.length === 0 ? 0 : 1;
};

run().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  },
);
