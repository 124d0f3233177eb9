import { z } from 'zod';
import type { LeakProbeSettings } from './leak-probe';

const listOf = (text: string) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);

/** What the worker needs to look for leaks at the edge. */
export const probeEnvironment = z.object({
  /** Where clients reach the edge. Without it nobody looks. */
  EDGE_PROBE_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** API keys of two organizations that exist for this, separated by a comma: whose things are asked for, and who may not have them. */
  EDGE_PROBE_KEYS: z.string().default('').transform(listOf).pipe(z.array(z.string()).max(2)),
  /** What is asked for: paths of the first organization, separated by commas. */
  EDGE_PROBE_PATHS: z
    .string()
    .default('/v1/properties')
    .transform(listOf)
    .pipe(z.array(z.string().startsWith('/')).min(1)),
});
export type ProbeEnvironment = z.infer<typeof probeEnvironment>;

/** The probe, where it is set up. */
export function probeFrom(environment: ProbeEnvironment): LeakProbeSettings | undefined {
  const { EDGE_PROBE_URL: edgeUrl, EDGE_PROBE_KEYS: keys, EDGE_PROBE_PATHS: paths } = environment;
  if (!edgeUrl) return undefined;
  const [ownKey, otherKey] = keys;
  if (!ownKey || !otherKey)
    throw new Error('EDGE_PROBE_URL needs EDGE_PROBE_KEYS: two API keys with a comma between them');
  return { edgeUrl, ownKey, otherKey, paths };
}
