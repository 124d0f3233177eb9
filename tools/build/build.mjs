// Compiles apps, libs and tools with swc into dist/, keeping the folder structure, and rewrites the workspace's
// import aliases to relative paths. Types are not looked at here: `npm run typecheck` does that.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { explain, Trouble } from '../start/progress.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const out = join(root, 'dist');
const sources = ['apps', 'libs', 'tools', 'docs/problems'];
const isTest = /\.(unit|int|e2e|prove)\.spec\.ts$/;

export const swcOptions = {
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    target: 'es2022',
    keepClassNames: true,
  },
  module: { type: 'commonjs', ignoreDynamic: true },
  sourceMaps: true,
};

/** Where an alias such as `@innkeep/platform/database` lives, as a path from the root without extension. */
export function resolveAlias(specifier) {
  const [, kind, name] = /^@innkeep\/([^/]+)(?:\/(.+))?$/.exec(specifier) ?? [];
  if (!kind) return undefined;
  return name ? `libs/${kind}/${name}/src/index` : `libs/${kind}/src/index`;
}

async function* walk(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else yield path;
  }
}

async function compile(swc, file) {
  const target = join(out, relative(root, file)).replace(/\.ts$/, '.js');
  const options = { ...swcOptions, filename: file, swcrc: false, configFile: false };
  const { code, map } = await swc.transformFile(file, options).catch((error) => {
    // Behind the place in the source, which is what counts, swc prints its own stack.
    throw new Trouble(error.message.split('\n\n\nCaused by')[0]);
  });
  const rewritten = code.replace(/require\("(@innkeep\/[^"]+)"\)/g, (_, specifier) => {
    let path = relative(dirname(target), join(out, resolveAlias(specifier)))
      .split(sep)
      .join('/');
    if (!path.startsWith('.')) path = `./${path}`;
    return `require("${path}")`;
  });
  await mkdir(dirname(target), { recursive: true });
  await writeFile(`${target}.map`, map);
  await writeFile(target, `${rewritten}\n//# sourceMappingURL=${target.split(sep).pop()}.map\n`);
}

async function copy(file) {
  const target = join(out, relative(root, file));
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, await readFile(file));
}

const isSource = (file) => file.endsWith('.ts') && !file.endsWith('.d.ts') && !isTest.test(file);
const isAsset = (file) => /\.(sql|html|css|vcl|lua|md)$/.test(file);

/** When each source was changed last, by its path from the root. */
async function stampSources() {
  const stamps = {};
  for (const source of sources) {
    for await (const file of walk(join(root, source))) {
      if (!isSource(file) && !isAsset(file)) continue;
      // A file may go between the listing and this look at it.
      const found = await stat(file).catch(() => undefined);
      if (found) stamps[relative(root, file)] = found.mtimeMs;
    }
  }
  return stamps;
}

async function removeOutput(name) {
  const target = join(out, name).replace(/\.ts$/, '.js');
  await Promise.all([rm(target, { force: true }), rm(`${target}.map`, { force: true })]);
}

/** Builds what changed since the last build and removes what has no source any more. Returns the number of files compiled. */
export async function build() {
  const swc = await import('@swc/core');
  const stampFile = join(out, '.stamps.json');
  const salt = createHash('sha1')
    .update(await readFile(fileURLToPath(import.meta.url)))
    .digest('hex');
  const before = await readFile(stampFile, 'utf8')
    .then(JSON.parse)
    .catch(() => ({}));
  const known = before.salt === salt ? before.stamps : {};
  const stamps = await stampSources();
  const changed = Object.keys(stamps).filter((name) => known[name] !== stamps[name]);
  await Promise.all(changed.map((name) => (isSource(name) ? compile(swc, join(root, name)) : copy(join(root, name)))));
  const gone = Object.keys(known).filter((name) => !stamps[name]);
  await Promise.all(gone.map(removeOutput));
  await mkdir(out, { recursive: true });
  await writeFile(stampFile, JSON.stringify({ salt, stamps }));
  return changed.length;
}

/**
 * Builds after every change, and answers with the function that ends the watching. It looks at the files instead of
 * asking the system for events: those get lost when an editor saves by renaming, and on mounted folders.
 */
export function watch(onBuilt) {
  let watching = true;
  const follow = async () => {
    let last = '';
    while (watching) {
      await sleep(500);
      const current = JSON.stringify(await stampSources());
      if (current === last || !watching) continue;
      last = current;
      await build()
        .then((count) => count > 0 && onBuilt({ count }))
        .catch((error) => onBuilt({ error }));
    }
  };
  void follow();
  return () => (watching = false);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const started = Date.now();
  await build().then(
    (count) => console.log(`built ${count} file${count === 1 ? '' : 's'} in ${Date.now() - started} ms`),
    (error) => {
      console.error(explain(error));
      process.exitCode = 1;
    },
  );
}
