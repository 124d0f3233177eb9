// PostgreSQL and Redis of this installation: servers of one's own where they are given, else embedded ones on DATA_DIR.
import { join } from 'node:path';
import { keptPort } from './ports.mjs';
import { ensureDatabase, startPostgres } from './postgres.mjs';
import { findRedis, startBothRedis } from './redis.mjs';
import { say, step } from './progress.mjs';

async function startDatabase({ dataDir, logs }, secrets, shutdown) {
  let server;
  await step('PostgreSQL', async () => {
    server = await startPostgres({
      folder: join(dataDir, 'postgres'),
      password: secrets.postgresPassword,
      choosePort: () => keptPort(join(dataDir, 'ports.json'), 'postgres'),
      logFile: join(logs, 'postgres.log'),
    });
    shutdown.add(server.stop, server.kill);
    await ensureDatabase(server, 'innkeep');
    return `${server.version} on 127.0.0.1:${server.port}`;
  });
  return server;
}

async function startRedisRoles({ dataDir, logs }, secrets, shutdown) {
  const program = await findRedis();
  let roles;
  await step('Redis', async () => {
    const ports = {};
    for (const role of ['state', 'cache']) ports[role] = await keptPort(join(dataDir, 'ports.json'), `redis-${role}`);
    roles = await startBothRedis({
      program,
      folder: dataDir,
      ports,
      password: secrets.redisPassword,
      logs,
      record: join(dataDir, 'run'),
    });
    for (const role of [roles.state, roles.cache]) shutdown.add(role.stop, role.kill);
    return `state on 127.0.0.1:${ports.state}, cache on 127.0.0.1:${ports.cache}`;
  });
  if (!program) {
    say(
      '  ! No redis-server or valkey-server was found: a server written in JavaScript stands in. It is many times slower',
    );
    say('    and keeps nothing; it is for a first look only. Install redis-server, or set REDIS_URL.');
  }
  return roles;
}

/**
 * Starts what is not given from outside. Answers with `adminUrl`, `redisUrl`, `redisCacheUrl`;
 * `onDeath(name)` is told when one of the servers ends by itself.
 */
export async function startServers(settings, secrets, shutdown, onDeath = () => {}) {
  let { databaseUrl: adminUrl, redisUrl, redisCacheUrl } = settings;
  const watch = (name, server) => void server.exited.then(() => shutdown.requested || onDeath(name));
  if (adminUrl) say('  ✓ PostgreSQL: the one in DATABASE_URL');
  else {
    const server = await startDatabase(settings, secrets, shutdown);
    watch('PostgreSQL', server);
    adminUrl = server.url('innkeep');
  }
  if (redisUrl) say('  ✓ Redis: the one in REDIS_URL');
  else {
    const { state, cache } = await startRedisRoles(settings, secrets, shutdown);
    watch('Redis (state)', state);
    watch('Redis (cache)', cache);
    redisUrl = state.url;
    redisCacheUrl ??= cache.url;
  }
  return { adminUrl, redisUrl, redisCacheUrl };
}
