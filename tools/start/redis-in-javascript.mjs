// The last resort of redis.mjs: a Redis server written in JavaScript, on the port given as the argument. In memory only.
import { createRedisMock } from 'js-redis-server';

const server = await createRedisMock({ port: Number(process.argv[2]), host: '127.0.0.1' });
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, async () => {
    await server.close();
    process.exit(0);
  });
}
