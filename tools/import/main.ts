import { runImport } from './run-import';

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopping.abort());

void runImport(process.argv.slice(2), {
  output: process.stdout,
  errors: process.stderr,
  signal: stopping.signal,
}).then((code) => {
  process.exitCode = code;
});
