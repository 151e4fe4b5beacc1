import type { EngineFacts, EngineWarning } from '../contract/health';

const MEGABYTE = 1024 ** 2;
/** Of the limit. Redis refuses to add a job at 100 %. */
const MUCH_MEMORY = 0.8;
/** Redis's own documentation calls more than 1.5 fragmented; of little memory it says nothing. */
const FRAGMENTED = 1.5;
const FRAGMENTED_FROM_BYTES = 256 * MEGABYTE;
/** A worker makes several round trips a job. */
const SLOW_MS = 50;
/** BullMQ recommends it; below 5.0 it does not start. */
const RECOMMENDED_REDIS = [6, 2] as const;

/** What is dangerous or wrong in how the engine is set up or does, the most dangerous first. */
export function engineWarnings(facts: EngineFacts): EngineWarning[] {
  const warnings = [
    evictionPolicy(facts),
    evicted(facts),
    saving(facts),
    memory(facts),
    persistence(facts),
    latency(facts),
    fragmentation(facts),
    version(facts),
  ];
  return warnings.filter((warning) => warning !== undefined);
}

type Check = (facts: EngineFacts) => EngineWarning | undefined;

const evictionPolicy: Check = ({ memory: { evictionPolicy: policy } }) => {
  if (policy === null || policy === 'noeviction') return undefined;
  return {
    code: 'eviction-policy',
    message: `Redis may drop jobs: its eviction policy is ${policy}.`,
    action: 'Set maxmemory-policy to noeviction.',
  };
};

const evicted: Check = ({ memory: { evictedKeys } }) => {
  if (evictedKeys === null || evictedKeys === 0) return undefined;
  return {
    code: 'keys-evicted',
    message: `Redis has dropped ${evictedKeys.toLocaleString('en')} keys since it started; jobs may be among them.`,
    action: 'Give it more memory, set maxmemory-policy to noeviction, and look through running campaigns.',
  };
};

const saving: Check = ({ savesWell }) => {
  if (savesWell !== false) return undefined;
  return {
    code: 'saving-fails',
    message: 'Redis could not save its data to the disk the last time.',
    action: 'Look for a full disk or missing rights on the server; until then a restart loses jobs.',
  };
};

const memory: Check = ({ memory: { usedBytes, limitBytes } }) => {
  if (usedBytes === null || limitBytes === null || usedBytes < MUCH_MEMORY * limitBytes) return undefined;
  return {
    code: 'memory-high',
    message: `Redis uses ${Math.round((100 * usedBytes) / limitBytes)} % of the memory that it may use.`,
    action: 'Clean finished jobs, or raise maxmemory. At 100 % no job can be added.',
  };
};

const persistence: Check = ({ persistence: kind }) => {
  if (kind !== 'none') return undefined;
  return {
    code: 'not-persistent',
    message: 'Redis does not save its data: a restart loses every job.',
    action: 'Turn on appendonly, or snapshots at least.',
  };
};

const latency: Check = ({ latency: measured }) => {
  if (measured === null || measured.medianMs < SLOW_MS) return undefined;
  return {
    code: 'slow',
    message: `A round trip to the engine takes ${Math.round(measured.medianMs)} ms.`,
    action: 'Run the console and the workers nearer to it, or find out what keeps it busy.',
  };
};

const fragmentation: Check = ({ memory: { fragmentation: ratio, usedBytes } }) => {
  if (ratio === null || ratio < FRAGMENTED || (usedBytes ?? 0) < FRAGMENTED_FROM_BYTES) return undefined;
  return {
    code: 'fragmented',
    message: `The memory of Redis is fragmented: the system gave it ${ratio.toFixed(1)} times what it uses.`,
    action: 'Turn on activedefrag, or restart it in a quiet hour.',
  };
};

const version: Check = ({ kind, version: text }) => {
  if (kind !== 'redis') return undefined;
  const [major = 0, minor = 0] = text.split('.').map(Number);
  const [wantedMajor, wantedMinor] = RECOMMENDED_REDIS;
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return undefined;
  return {
    code: 'old-version',
    message: `Redis ${text} is older than BullMQ recommends.`,
    action: `Update it to ${RECOMMENDED_REDIS.join('.')} or later.`,
  };
};
