// Asks a process of this container how it is: `node probe.mjs <variable with the port> <its default> <path>`. Slim images have no curl.
const [variable, fallback, path] = process.argv.slice(2);
const url = `http://127.0.0.1:${process.env[variable] || fallback}${path}`;
try {
  const response = await fetch(url, { signal: AbortSignal.timeout(2_500) });
  // Docker keeps what is printed with the container's health.
  if (!response.ok) process.stdout.write(`${response.status} ${await response.text()}\n`);
  process.exitCode = response.ok ? 0 : 1;
} catch (error) {
  process.stdout.write(`${url}: ${error.cause?.message ?? error.message}\n`);
  process.exitCode = 1;
}
