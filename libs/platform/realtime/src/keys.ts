/** Of how entries are written to Redis: a process that writes them otherwise neither reads these nor is read. What it misses is in the log. */
const FORMAT = 2;

/** What Redis holds of an organization that is listened to. The braces keep it on one slot of a cluster. */
export const keysOf = (organizationId: number) => ({
  /** There as long as some process listens. */
  wanted: `live:{${organizationId}}:wanted`,
  /** The last events, by version. */
  window: `live:{${organizationId}}:window:${FORMAT}`,
  /** Where what happens is told, and which stream is to change. */
  channel: `live:{${organizationId}}:events:${FORMAT}`,
  /** Leases of the streams of the organization, and of one user, by when they end. */
  streams: `live:{${organizationId}}:streams`,
  streamsOf: (userId: number) => `live:{${organizationId}}:streams:${userId}`,
});

const CHANNEL = new RegExp(`^live:\\{(\\d+)\\}:events:${FORMAT}$`);

/** Which organization a channel is of. */
export function organizationOf(channel: string): number | undefined {
  const match = CHANNEL.exec(channel);
  return match ? Number(match[1]) : undefined;
}
