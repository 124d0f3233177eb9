// A CDN on this machine to try things with: `simulate cloudflare --port 4100 --plan business --origin http://127.0.0.1:4000`.
import { parseArgs } from 'node:util';
import {
  type Dialect,
  type Fault,
  cloudFrontDialect,
  cloudflareDialect,
  fastlyDialect,
  simulateCdn,
} from '@innkeep/testing';

const usage = `usage: simulate <cloudflare|fastly|cloudfront> [--port 4100] [--origin <url>] [--plan <free|pro|business|enterprise>]
       [--tags <on|off>] [--fault <hang|partial|pretend|throttle|a status>]
  --origin  what it is an edge for; without one it only takes purges
  --plan    cloudflare: how many purges the account lets through; free by default
  --tags    cloudfront: whether the distribution has a CacheTagConfig; on by default
  --fault   what it does instead of what it should`;

const plans = ['free', 'pro', 'business', 'enterprise'] as const;

function dialectOf(name: string | undefined, plan: string, tags: string): Dialect {
  if (name === 'fastly') return fastlyDialect();
  if (name === 'cloudfront' && ['on', 'off'].includes(tags)) return cloudFrontDialect({ hasTags: tags === 'on' });
  const known = plans.find((one) => one === plan);
  if (name === 'cloudflare' && known) return cloudflareDialect({ plan: known });
  throw new Error(usage);
}

function faultOf(text: string | undefined): Fault | undefined {
  if (text === undefined) return undefined;
  if (text === 'hang' || text === 'partial' || text === 'pretend') return text;
  if (text === 'throttle') return { throttle: true };
  if (/^[45]\d\d$/.test(text)) return { status: Number(text) };
  throw new Error(usage);
}

/** How to have purges sent there. */
const settings: Readonly<Record<string, (url: string) => string>> = {
  cloudflare: (url) => `CLOUDFLARE_API_URL=${url}/client/v4 CLOUDFLARE_ZONE_ID=zone CLOUDFLARE_API_TOKEN=token`,
  fastly: (url) => `FASTLY_API_URL=${url} FASTLY_SERVICE_ID=service FASTLY_API_TOKEN=token`,
  cloudfront: (url) =>
    `CLOUDFRONT_API_URL=${url} CLOUDFRONT_DISTRIBUTION_ID=distribution AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any`,
};

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      port: { type: 'string', default: '4100' },
      origin: { type: 'string' },
      plan: { type: 'string', default: 'free' },
      tags: { type: 'string', default: 'on' },
      fault: { type: 'string' },
    },
  });
  const [name] = positionals;
  const dialect = dialectOf(name, values.plan, values.tags);
  const simulator = await simulateCdn(dialect, { port: Number(values.port), origin: values.origin });
  simulator.fault = faultOf(values.fault);
  console.log(`${name} listens at ${simulator.url}; Ctrl-C ends it`);
  console.log(`  CDN_PROVIDER=${name} ${settings[name!]!(simulator.url)}`);
  let shown = 0;
  const show = setInterval(() => {
    for (const { status, tags } of simulator.seen.slice(shown))
      console.log(`${status}  ${tags.join(' ').slice(0, 160)}`);
    shown = simulator.seen.length;
  }, 250);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  clearInterval(show);
  await simulator.stop();
}

main().catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 1;
});
